#pragma once

#include <string_view>

namespace habitd {

/// While one lives, the lines that its thread logs carry a correlation id: as the field
/// `correlation` in JSON logs, as its first eight characters in text logs. Handlers of actors
/// run on any thread, so each scope ends with the handler that began it.
class log_correlation {
public:
  /// @param id  a UUID, or empty for none; outlives the scope.
  explicit log_correlation(std::string_view id);
  ~log_correlation();
  log_correlation(const log_correlation&) = delete;
  log_correlation& operator=(const log_correlation&) = delete;

  /// Of this thread, for the one that formats lines; empty if there is none.
  static std::string_view current();

private:
  std::string_view outer_;
};

} // namespace habitd
