#include "actors/standards/refresh_decision.hpp"

#include <algorithm>
#include <cmath>

namespace habitd {

namespace {

constexpr std::chrono::seconds longest_wait{3600};
constexpr double by_name = 1e6; // beyond any age over any threshold

std::chrono::sys_days day_of(wall_time at) {
  return std::chrono::floor<std::chrono::days>(at);
}

} // namespace

std::optional<std::chrono::seconds> wait_after_failure(std::uint32_t begun,
                                                       const retry_rules& rules,
                                                       std::chrono::seconds asked) {
  if (begun > rules.further)
    return std::nullopt;
  const auto doublings = std::min(begun - 1, 10U);
  return std::max(rules.delay * (1 << doublings), std::min(asked, longest_wait));
}

double urgency_of(const standard& document, const refresh_entry& entry,
                  std::uint32_t demand, const freshness_rules& rules, wall_time now) {
  using seconds = std::chrono::duration<double>;
  const auto staleness =
    seconds{age_of(document, now)} /
    seconds{std::max(threshold_of(document, rules), std::chrono::days{1})};
  return (entry.force ? by_name : 0.0) + staleness * (1 + std::log2(1.0 + demand));
}

day_spending spending_on(const day_spending& spent, wall_time now) {
  const auto today = static_cast<std::int32_t>(day_of(now).time_since_epoch().count());
  return spent.day == today ? spent : day_spending{today, 0, 0};
}

bool fits(const day_spending& today, const day_limits& limits, bool uses_model) {
  return today.calls < limits.calls && (!uses_model || today.tokens < limits.tokens);
}

wall_time next_day(wall_time now) {
  return day_of(now) + std::chrono::days{1};
}

} // namespace habitd
