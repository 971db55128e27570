#include "actors/runtime/restart_decision.hpp"

#include <algorithm>

namespace habitd {

namespace {

using namespace std::chrono;

milliseconds spread(milliseconds wait, double jitter, double random) {
  return round<milliseconds>(wait * (1 + jitter * random));
}

} // namespace

restart_step restart_decision::on_failure(steady_clock::time_point now, double random) {
  if (is_down_ && now - tried_at_ >= policy_.period) {
    is_down_ = false; // it was well since
    failures_.clear();
  }
  while (!failures_.empty() && now - failures_.front() >= policy_.period)
    failures_.pop_front();
  failures_.push_back(now);
  if (failures_.size() > policy_.max_restarts)
    is_down_ = true;
  if (is_down_) {
    const auto wait = spread(policy_.retry_down, policy_.jitter, random);
    tried_at_ = now + wait;
    failures_.clear();
    return {true, wait};
  }
  const auto doublings = std::min<std::size_t>(failures_.size() - 1, 20); // no overflow
  const auto backoff =
    std::min(policy_.min_backoff * (1 << doublings), policy_.max_backoff);
  return {false, spread(backoff, policy_.jitter, random)};
}

} // namespace habitd
