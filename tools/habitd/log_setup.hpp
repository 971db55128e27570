#pragma once

#include "config/config.hpp"

#include <mutex>
#include <string>

namespace habitd {

/// Messages go to standard error from here on, as text.
void log_to_stderr();

/// Levels and format as set; may be called again at any time.
void set_logging(const log_config& settings);

/// What is logged now, for those who may change it while habitd runs. Thread-safe.
class log_control {
public:
  explicit log_control(log_config settings) : settings_{std::move(settings)} {}

  void set(log_config settings);

  /// Until the settings are loaded again. @returns  false for a word that is no level.
  bool set_level(const std::string& word);

  std::string level() const; // as settings name it

private:
  mutable std::mutex mutex_;
  log_config settings_;
};

} // namespace habitd
