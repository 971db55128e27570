#pragma once

#include "actors/runtime/health_board.hpp"

#include <condition_variable>
#include <functional>
#include <thread>

namespace habitd {

/// While it lives, tells the service manager that this process is alive, so long as every
/// supervised actor is. An actor that hangs can't be ended, only its process can: after
/// a minute without a sign of life from one, or after what systemd was told by
/// `WatchdogSec=`, the process ends with `exit_hung` and is started again. So does one whose
/// store is closed, with `exit_unavailable`.
class watchdog {
public:
  watchdog(std::shared_ptr<const health_board> board,
           std::function<bool()> store_is_closed);
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;
  ~watchdog();

private:
  void watch();

  std::shared_ptr<const health_board> board_;
  std::function<bool()> store_is_closed_;
  std::chrono::steady_clock::duration longest_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

/// Ends the process with `exit_ok` unless it is gone before: for stopping in bounded time,
/// which is safe because everything that was acknowledged is on disk.
class stop_deadline {
public:
  explicit stop_deadline(std::chrono::milliseconds after);
  stop_deadline(const stop_deadline&) = delete;
  stop_deadline& operator=(const stop_deadline&) = delete;
  ~stop_deadline();

private:
  std::mutex mutex_;
  std::condition_variable done_;
  bool is_done_ = false;
  std::thread thread_;
};

} // namespace habitd
