#pragma once

#include "actors/detector/co_occurrence/row.hpp"

namespace habitd {

/// The row of every item that a person, a device or a cause unknown turned on that day, by
/// item. What happens within a second is simultaneous and no response; nothing crosses the day's
/// end. What came before a run of activations longer than the window is counted from its last.
/// Takes at most items x activations steps.
std::vector<aggregate_part> observe_co_occurrence(const home_day& day);

} // namespace habitd
