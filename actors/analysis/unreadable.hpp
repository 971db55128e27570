#pragma once

#include "actors/detector/detector.hpp"
#include "messages/analysis.hpp"
#include "storage/home_store.hpp"

namespace habitd {

/// Reads all that is stored of `detector`. A day of which something can't be read counts as
/// not observed by it from now on, and is observed anew if its events are still there. A
/// weekly check that can't be read is forgotten, with those before it that can't, and made
/// anew.
/// @errors what the store says of itself; ec::corrupt_data is what is looked for.
expected<stored_verified> set_unreadable_aside(const detector& detector,
                                               home_store& store);

} // namespace habitd
