#include "actors/runtime/restart_history.hpp"

#include <algorithm>

namespace habitd {

std::optional<std::chrono::milliseconds>
restart_history::on_failure(std::chrono::steady_clock::time_point now, double random) {
  while (!failures_.empty() && now - failures_.front() >= policy_.period)
    failures_.pop_front();
  failures_.push_back(now);
  if (failures_.size() > policy_.max_restarts)
    return std::nullopt;
  const auto doublings = std::min<std::size_t>(failures_.size() - 1, 20); // no overflow
  const auto backoff =
    std::min(policy_.min_backoff * (1 << doublings), policy_.max_backoff);
  return std::chrono::round<std::chrono::milliseconds>(backoff *
                                                       (1 + policy_.jitter * random));
}

} // namespace habitd
