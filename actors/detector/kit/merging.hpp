#pragma once

#include "actors/detector/detector.hpp"

namespace habitd {

/// What a detector stored of some periods together, part by part: what it would have stored
/// of the time they cover. Merging is exact, so neither order nor grouping matters.
/// @errors what reading gives.
expected<std::vector<aggregate_part>> merged_parts(const detector& of,
                                                   const aggregate_history& history,
                                                   const std::vector<period>& periods);

} // namespace habitd
