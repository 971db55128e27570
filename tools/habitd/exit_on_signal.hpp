#pragma once

#include <filesystem>
#include <thread>

namespace habitd {

/// While it lives, SIGINT and SIGTERM end the process at once, with a directory removed
/// first. Nothing else needs saving in a run whose results are only printed.
class exit_on_signal {
public:
  /// @param scratch  what to remove; empty = nothing.
  explicit exit_on_signal(std::filesystem::path scratch);
  exit_on_signal(const exit_on_signal&) = delete;
  exit_on_signal& operator=(const exit_on_signal&) = delete;
  ~exit_on_signal();

private:
  std::thread waiter_;
};

} // namespace habitd
