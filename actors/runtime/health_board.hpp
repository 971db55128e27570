#pragma once

#include "messages/error.hpp"
#include "messages/time.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace habitd {

enum class branch_state : std::uint8_t { up, restarting, down };

/// How one supervised child is.
struct branch_health {
  std::string name; // "detector time_of_day"
  branch_state state = branch_state::up;
  std::uint64_t restarts = 0;                     // since this process began
  std::string last_error;                         // empty if it never failed
  wall_time since{};                              // of `state`
  std::chrono::steady_clock::time_point answered; // last sign of life
};

/// Where supervisors say how their children are, for health, metrics and the watchdog.
/// Thread-safe, and read without asking an actor: it answers when actors don't.
class health_board {
public:
  explicit health_board(std::shared_ptr<const wall_clock> clock)
      : clock_{std::move(clock)} {}

  void started(const std::string& name, std::chrono::steady_clock::time_point now);
  void failed(const std::string& name, branch_state state, const error& reason);
  void answered(const std::string& name, std::chrono::steady_clock::time_point now);
  void stopped(const std::string& name);

  /// From now on `change` is called, by whoever tells the board, when a child goes up or
  /// fails. Called with nothing, it ends.
  void tell(std::function<void(const branch_health&)> change);

  /// By name.
  std::vector<branch_health> list() const;

  /// Children that are up but gave no sign of life for so long.
  std::vector<std::string> silent(std::chrono::steady_clock::time_point now,
                                  std::chrono::steady_clock::duration longest) const;

private:
  std::shared_ptr<const wall_clock> clock_;
  std::function<void(const branch_health&)> change_;
  mutable std::mutex mutex_;
  std::map<std::string, branch_health> branches_;
};

} // namespace habitd
