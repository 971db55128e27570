#pragma once

#include "actors/runtime/calendar.hpp"
#include "messages/home_day.hpp"

#include <cstdint>
#include <vector>

namespace habitd::quality {

/// Gives each use, from a turn on to the turn off of the same day, the length of another use
/// of the home: takes away usual lengths, keeps when things are turned on.
std::vector<home_day> redraw_lengths(std::vector<home_day> days,
                                     const home_calendar& calendar, std::uint64_t seed);

} // namespace habitd::quality
