#pragma once

#include "actors/standards/freshness.hpp"
#include "messages/refresh.hpp"
#include "storage/refresh_queue_store.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace habitd {

/// How failed attempts are followed up.
struct retry_rules {
  std::uint32_t further = 2;      // attempts after the first
  std::chrono::seconds delay{60}; // before the first of them; then doubled
};

/// How long to wait before the next attempt; none if the refresh is given up.
/// @param begun  attempts so far, 1 or more.
/// @param asked  what the source asked to be left alone for; an hour of it is heeded.
std::optional<std::chrono::seconds> wait_after_failure(std::uint32_t begun,
                                                       const retry_rules& rules,
                                                       std::chrono::seconds asked = {});

/// Who comes first: age over threshold, times one more than the doublings of demand. What
/// somebody asked for by name comes before all that was only read.
double urgency_of(const standard& document, const refresh_entry& entry,
                  std::uint32_t demand, const freshness_rules& rules, wall_time now);

/// What providers may take a day (UTC).
struct day_limits {
  std::uint64_t calls = 200;
  std::uint64_t tokens = 200'000;
};

/// What is spent of the allowance of the day of `now`; a day that is over counts nothing.
day_spending spending_on(const day_spending& spent, wall_time now);

/// Whether one more call fits. Tokens of a call are known only after it: the day's last one
/// may go beyond.
bool fits(const day_spending& today, const day_limits& limits, bool uses_model);

/// The midnight (UTC) after `now`.
wall_time next_day(wall_time now);

} // namespace habitd
