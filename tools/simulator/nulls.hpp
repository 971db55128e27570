#pragma once

#include "actors/runtime/calendar.hpp"
#include "messages/home_day.hpp"

#include <cstdint>
#include <vector>

namespace habitd {

// Homes without habits, made of homes with or without (detectors.md E13). Each takes one
// kind of structure away and keeps the rest, so what a detector still publishes is wrong.
// All keep days, exposure and counts as they are, and activations sorted with their bins
// right. The same seed gives the same home.

/// N1: turns every day of every entity by a random angle of its own, along the observed time.
/// Takes away times of day and what entities have to do with one another; keeps bursts and
/// numbers.
std::vector<home_day> rotate_days(std::vector<home_day> days,
                                  const home_calendar& calendar, std::uint64_t seed);

/// N2: shuffles the days of each entity on its own. Takes away what entities have to do with
/// one another, and the weekday; keeps times of day. Days not wholly observed stay.
std::vector<home_day> shuffle_days_apart(std::vector<home_day> days,
                                         const home_calendar& calendar,
                                         std::uint64_t seed);

/// N3: shuffles the days of the home as a whole. Takes away weekdays, seasons and trends.
/// Days not wholly observed stay.
std::vector<home_day> shuffle_days(std::vector<home_day> days,
                                   const home_calendar& calendar, std::uint64_t seed);

/// N4: draws each entity's activations anew, at the rate it had within the two hours around,
/// on average over the days. Takes away everything sharp.
std::vector<home_day> redraw_days(std::vector<home_day> days,
                                  const home_calendar& calendar, std::uint64_t seed);

} // namespace habitd
