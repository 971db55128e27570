#pragma once

#include "actors/runtime/calendar.hpp"
#include "messages/home_day.hpp"

#include <span>
#include <vector>

namespace habitd {

/// A stretch in which habitd can't have seen the home.
using outage = day_span;

/// Stretches of a day too long without any row. A home whose sensors report all the time is
/// never silent for an hour; one that is seen by its people's acts alone may be for a night.
/// Which it is shows in the hours that it was seen: an outage takes reports away too.
/// @param signs    times of the day's rows, ascending, each within the day.
/// @param reports  how many of them are readings or updates, which need no people.
std::vector<outage> find_outages(std::span<const wall_time> signs, std::size_t reports,
                                 const day_span& day);

/// Fills `observed` and `exposure` of a day.
void mark_observed(home_day& day, const day_clock& clock,
                   std::span<const outage> outages);

} // namespace habitd
