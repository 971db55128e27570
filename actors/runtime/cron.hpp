#pragma once

#include "actors/runtime/calendar.hpp"
#include "messages/cron_expression.hpp"

#include <optional>

namespace habitd {

/// The first instant after `after` at which a job is due in the home's time zone. Where the
/// clock changes, as Debian's cron has it:
///  - a job at fixed hours that falls into a skipped hour is due at the change, and in an
///    hour that comes twice the first time only: once for every date that exists;
///  - a job whose hour field begins with '*' follows the clock: what is skipped is left out,
///    what comes twice is due twice.
/// @returns  nothing if no date of the next 40 years matches.
/// Source: Debian 12, cron(8). There a minute of '*' makes a job follow the clock as well;
/// here such a job too is due at the change, so that no date goes without it.
std::optional<wall_time> next_run(const cron_expression& expression,
                                  const home_calendar& calendar, wall_time after);

/// The last instant in `(after, until]` at which a job is due, if there is one.
std::optional<wall_time> last_run(const cron_expression& expression,
                                  const home_calendar& calendar, wall_time after,
                                  wall_time until);

} // namespace habitd
