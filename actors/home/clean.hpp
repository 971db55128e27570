#pragma once

#include "actors/runtime/calendar.hpp"
#include "messages/home_day.hpp"
#include "storage/event_store.hpp"

#include <functional>
#include <string>

namespace habitd {

/// Turns the raw rows of one local day into the day that detectors observe: orders them,
/// drops what is no habit, and says how many rows each filter took (spec IN-2, detectors.md
/// E0). A function of the *set* of rows: their order and repetition change nothing.
/// @param names  entity id of a number.
home_day clean_day(const stored_day& raw, local_day day, const day_clock& clock,
                   const std::function<std::string(entity_number)>& names);

} // namespace habitd
