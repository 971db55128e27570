#pragma once

#include "actors/detector/time_of_day/scan.hpp"

namespace habitd {

detector time_of_day_detector(detector_id id = detector_id::time_of_day);

/// The sharp times of day of a window that hold at a false-discovery rate of 5 % and aren't
/// automated on most of those days already; ordered by name and time.
std::vector<clock_mode> find_clock_habits(const clock_window& window,
                                          const entity_names& names);

} // namespace habitd
