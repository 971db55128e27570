#include "actors/runtime/cron.hpp"

#include <date/date.h>

namespace habitd {

namespace {

using namespace std::chrono_literals;

using std::chrono::minutes;
using std::chrono::seconds;

/// What the home's clock shows: seconds since 1970-01-01 00:00 there.
using shown_time = std::chrono::duration<std::int64_t>;

local_day date_shown(shown_time shown) {
  return {static_cast<std::int32_t>(date::floor<date::days>(shown).count())};
}

/// The first due minute of a day at or after `from`, both since midnight.
std::optional<minutes> next_minute(const cron_expression& expression, minutes from) {
  auto hour = static_cast<std::size_t>(from / 1h);
  auto minute = static_cast<std::size_t>((from % 1h).count());
  for (; hour < expression.hours.size(); ++hour, minute = 0)
    if (expression.hours[hour])
      for (; minute < expression.minutes.size(); ++minute)
        if (expression.minutes[minute])
          return minutes{hour * 60 + minute};
  return std::nullopt;
}

/// The first time at or after `from` at which a clock that never changes is at a due minute.
std::optional<shown_time> next_shown(const cron_expression& expression, shown_time from) {
  auto date = date_shown(from);
  const auto since_midnight = from - date::days{date.number};
  if (falls_on(expression, date))
    if (const auto found = next_minute(expression, date::ceil<minutes>(since_midnight)))
      return date::days{date.number} + *found;
  const auto later = next_date(expression, date + 1);
  const auto minute = next_minute(expression, 0min);
  if (!later || !minute)
    return std::nullopt;
  return date::days{later->number} + *minute;
}

std::optional<wall_time> next_by_the_clock(const cron_expression& expression,
                                           const home_calendar& calendar,
                                           wall_time after) {
  auto from = after + 1ms;
  while (true) {
    const auto piece = calendar.piece_at(from);
    if (piece.end <= from)
      return std::nullopt; // as far as the calendar goes
    const auto shown = date::ceil<seconds>(from.time_since_epoch() + piece.offset);
    const auto found = next_shown(expression, shown);
    if (!found)
      return std::nullopt;
    if (const wall_time at{*found - piece.offset}; at < piece.end)
      return at;
    from = piece.end;
  }
}

std::optional<wall_time> next_of_each_date(const cron_expression& expression,
                                           const home_calendar& calendar,
                                           wall_time after) {
  const auto shown = after.time_since_epoch() + calendar.piece_at(after).offset;
  // In an hour that comes twice the clock may show a date that was over before.
  auto date = next_date(expression, date_shown(date::floor<seconds>(shown)) - 1);
  for (; date; date = next_date(expression, *date + 1)) {
    if (!calendar.has_date(*date))
      continue;
    for (auto time = next_minute(expression, 0min); time;
         time = next_minute(expression, *time + 1min))
      if (const auto at = calendar.instant(*date, *time); at > after)
        return at;
  }
  return std::nullopt;
}

} // namespace

std::optional<wall_time> next_run(const cron_expression& expression,
                                  const home_calendar& calendar, wall_time after) {
  return expression.any_hour ? next_by_the_clock(expression, calendar, after)
                             : next_of_each_date(expression, calendar, after);
}

std::optional<wall_time> last_run(const cron_expression& expression,
                                  const home_calendar& calendar, wall_time after,
                                  wall_time until) {
  // Looks back further and further, so that a job of every minute that was down for a year
  // needs no walk through all of it.
  for (std::chrono::hours back = 1h; after < until; back *= 24) {
    const bool all = until - after <= back;
    std::optional<wall_time> last;
    for (auto at = next_run(expression, calendar, all ? after : until - back);
         at && *at <= until; at = next_run(expression, calendar, *at))
      last = at;
    if (last || all)
      return last;
  }
  return std::nullopt;
}

} // namespace habitd
