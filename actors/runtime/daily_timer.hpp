#pragma once

#include "actors/runtime/calendar.hpp"
#include "messages/analysis.hpp"

#include <memory>

namespace habitd {

/// The first instant after `after` at which the home's clock shows `since_midnight`: once
/// per local date; where summer time skips that time, the instant of the change.
wall_time next_daily_run(const home_calendar& calendar, wall_time after,
                         std::chrono::seconds since_midnight);

/// What the timer sends itself.
struct look_at_clock {};

template <class Inspector>
auto inspect(Inspector& f, look_at_clock&) {
  return f(caf::meta::type_name("look_at_clock"));
}

using daily_timer_actor = caf::typed_actor<caf::reacts_to<look_at_clock>>;

struct daily_timer_state {
  static constexpr const char* name = "daily-timer";
  daily_timer_state() = default;
  wall_time next{};
};

/// Starts the analysis every day at `since_midnight`, home time. It looks at the wall clock
/// twice a minute, so a clock that is set does no harm.
daily_timer_actor::behavior_type daily_timer(
  daily_timer_actor::stateful_pointer<daily_timer_state> self,
  const analysis_actor& analysis, const std::shared_ptr<const home_calendar>& calendar,
  const std::shared_ptr<const wall_clock>& clock, std::chrono::seconds since_midnight);

} // namespace habitd
