#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

namespace habitd {

/// How often, and how fast, a failing child is started again.
struct restart_policy {
  std::size_t max_restarts = 5; // within `period`; the next failure is final
  std::chrono::milliseconds period{60'000};
  std::chrono::milliseconds min_backoff{200}; // doubled with every failure in `period`
  std::chrono::milliseconds max_backoff{30'000};
  double jitter = 0.2; // adds up to this share, so that children don't restart in step
};

/// Failures of one child within the period, and what they mean for its next start.
class restart_history {
public:
  explicit restart_history(restart_policy policy) : policy_{policy} {}

  /// @param random  uniform in [0, 1).
  /// @returns       how long to wait before the next start; nothing if it was the last.
  std::optional<std::chrono::milliseconds>
  on_failure(std::chrono::steady_clock::time_point now, double random);

private:
  restart_policy policy_;
  std::deque<std::chrono::steady_clock::time_point> failures_; // oldest first
};

} // namespace habitd
