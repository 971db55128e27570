#pragma once

#include "messages/pattern.hpp"
#include "messages/suggestion.hpp"
#include "storage/home_store.hpp"

namespace habitd {

/// Replays a pattern's automation over all stored days, not only those it was found in. A
/// clock automation is right where the person did the same within half an hour of it; a
/// triggered one where the response followed within the pattern's window.
expected<back_test> replay_stored_days(const pattern& habit, const home_store& store);

} // namespace habitd
