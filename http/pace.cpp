#include "http/pace.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

using std::chrono::milliseconds;

void request_pace::at_least(milliseconds gap) {
  policy_.gap = std::max(policy_.gap, gap);
  policy_.widest_gap = std::max(policy_.widest_gap, policy_.gap);
  gap_ = std::max(gap_, policy_.gap);
}

milliseconds request_pace::wait(steady_time now) const {
  return next_ <= now ? milliseconds{0} : std::chrono::ceil<milliseconds>(next_ - now);
}

void request_pace::asked(steady_time now, double random) {
  const auto jittered =
    std::chrono::duration<double, std::milli>{gap_} * (1 + policy_.jitter * random);
  next_ = std::max(next_, now + std::chrono::ceil<milliseconds>(jittered));
}

void request_pace::answered() {
  if (gap_ == policy_.gap || ++calm_ < policy_.calm)
    return;
  calm_ = 0;
  gap_ = std::max(policy_.gap, gap_ / 2);
}

void request_pace::slow_down(steady_time now, milliseconds wait) {
  calm_ = 0;
  gap_ = std::min(policy_.widest_gap, gap_ * 2);
  next_ = std::max(next_, now + wait);
}

std::string budget_used_up(const run_budget& budget, const run_cost& cost) {
  if (cost.slow_downs >= budget.slow_downs)
    return fmt::format("asked to slow down {} times", cost.slow_downs);
  if (cost.requests >= budget.requests)
    return fmt::format("the {} requests of a run are used up", budget.requests);
  if (cost.bytes >= budget.bytes)
    return fmt::format("the {} bytes of a run are used up", budget.bytes);
  return {};
}

} // namespace habitd
