#include "actors/runtime/daily_timer.hpp"

#include "actors/runtime/failure_handlers.hpp"

#include <spdlog/spdlog.h>

namespace habitd {

namespace {

using namespace std::chrono_literals;

/// Midnight to midnight, unlike the home's days: 02:00 belongs to the date it shows.
local_day date_of(const home_calendar& calendar, wall_time at) {
  const auto day = calendar.day_of(at);
  return at >= calendar.instant(day + 1, 0s) ? day + 1 : day;
}

} // namespace

wall_time next_daily_run(const home_calendar& calendar, wall_time after,
                         std::chrono::seconds since_midnight) {
  auto date = date_of(calendar, after);
  while (calendar.instant(date, since_midnight) <= after)
    date = date + 1;
  return calendar.instant(date, since_midnight);
}

daily_timer_actor::behavior_type daily_timer(
  daily_timer_actor::stateful_pointer<daily_timer_state> self,
  const analysis_actor& analysis, const std::shared_ptr<const home_calendar>& calendar,
  const std::shared_ptr<const wall_clock>& clock, std::chrono::seconds since_midnight) {
  install_failure_handlers(self);
  self->state.next = next_daily_run(*calendar, clock->now(), since_midnight);
  spdlog::info("next analysis {}", calendar->format(self->state.next));
  self->delayed_send(self, 30s, look_at_clock{});
  return {[=](look_at_clock) {
    self->delayed_send(self, 30s, look_at_clock{});
    const auto now = clock->now();
    auto& next = self->state.next;
    // A clock that was set back far must not leave the home without a run for so long.
    if (now < next && next - now < 25h)
      return;
    if (now >= next)
      self->request(analysis, 10s, start_analysis{"schedule"})
        .then([](const std::string&) {},
              [](const error& reason) {
                spdlog::warn("scheduled analysis not started: {}", describe(reason));
              });
    next = next_daily_run(*calendar, now, since_midnight);
    spdlog::info("next analysis {}", calendar->format(next));
  }};
}

} // namespace habitd
