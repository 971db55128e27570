#include "actors/standards/freshness.hpp"

#include <algorithm>

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::hours first_pause{1};
constexpr std::chrono::hours longest_pause{24};

} // namespace

wall_time last_known_good(const standard& document) {
  return std::max(document.last_updated, document.last_success);
}

std::chrono::seconds age_of(const standard& document, wall_time now) {
  const auto known = last_known_good(document);
  if (known > now + 24h)
    return std::chrono::seconds{now.time_since_epoch() / 1s};
  return std::max(0s, std::chrono::floor<std::chrono::seconds>(now - known));
}

std::chrono::days threshold_of(const standard& document, const freshness_rules& rules) {
  return std::chrono::days{document.freshness_threshold_days > 0
                             ? document.freshness_threshold_days
                             : rules.threshold_days};
}

wall_time may_retry_at(const standard& document) {
  if (document.failures == 0)
    return {};
  const auto doublings = std::min(document.failures - 1, 10U);
  return document.last_attempt + std::min(first_pause * (1 << doublings), longest_pause);
}

bool has_source(const standard& document, const freshness_rules& rules) {
  if (document.source == "folder")
    return rules.has_folder && !document.path.empty();
  if (document.source == "research")
    return rules.has_research;
  return !document.source.empty();
}

freshness freshness_of(const standard& document, const freshness_rules& rules,
                       wall_time now) {
  if (age_of(document, now) <= threshold_of(document, rules))
    return freshness::fresh;
  if (!has_source(document, rules))
    return freshness::without_source;
  if (!rules.enabled || !document.auto_update_enabled)
    return freshness::switched_off;
  // A last attempt ahead of now is one of a clock that went wrong.
  const bool pauses = now < may_retry_at(document) && document.last_attempt <= now;
  return pauses ? freshness::waiting : freshness::stale;
}

} // namespace habitd
