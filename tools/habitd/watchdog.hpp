#pragma once

#include "actors/runtime/health_board.hpp"

#include <condition_variable>
#include <functional>
#include <optional>
#include <thread>

namespace habitd {

/// Tells that the whole process stood still, as when it is paused or its machine sleeps:
/// nobody gave a sign of life then, which is nobody's fault.
class standstill {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// @param look_every  how often `excuses` is called.
  /// @param grace       how long after a standstill silence is excused.
  standstill(std::chrono::steady_clock::duration look_every,
             std::chrono::steady_clock::duration grace)
      : look_every_{look_every}, grace_{grace} {}

  /// Whether silence means nothing now.
  bool excuses(time_point now);

private:
  std::chrono::steady_clock::duration look_every_;
  std::chrono::steady_clock::duration grace_;
  std::optional<time_point> last_look_;
  std::optional<time_point> excused_until_;
};

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
