#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

namespace habitd {

/// How often, and how fast, a failing child is started again.
struct restart_policy {
  std::size_t max_restarts = 5; // within `period`; after the next failure it is down
  std::chrono::milliseconds period{600'000};
  std::chrono::milliseconds min_backoff{200}; // doubled with every failure in `period`
  std::chrono::milliseconds max_backoff{300'000};
  double jitter = 0.2; // adds up to this share, so that children don't restart in step
  std::chrono::milliseconds retry_down{
    600'000}; // a child that is down is tried this often
};

/// What follows a failure.
struct restart_step {
  bool is_down =
    false; // too many failures: tried once after `wait`, and seldom from then on
  std::chrono::milliseconds wait{};
  bool operator==(const restart_step&) const = default;
};

/// Decides when a child that failed is started again. Backoff and intensity count the
/// failures within the period, so a child that was well for so long begins anew; one that is
/// tried while down and fails within the period goes down again at once.
/// Source: spec RT-1; intensity as of Erlang/OTP supervisors, backoff as of systemd.
class restart_decision {
public:
  explicit restart_decision(restart_policy policy) : policy_{policy} {}

  /// @param random  uniform in [0, 1).
  restart_step on_failure(std::chrono::steady_clock::time_point now, double random);

private:
  restart_policy policy_;
  std::deque<std::chrono::steady_clock::time_point> failures_; // oldest first
  bool is_down_ = false;
  std::chrono::steady_clock::time_point tried_at_; // when it is tried again, if down
};

} // namespace habitd
