#pragma once

#include "actors/detector/co_occurrence/prune.hpp"

namespace habitd {

detector co_occurrence_detector(detector_id id = detector_id::co_occurrence);

/// The responses of a window that hold at a false-discovery rate of 5 %, in their stronger
/// direction, that nothing else explains and that aren't mostly automated already; ordered
/// by name.
/// @param scan  of `window`.
/// @errors      what reading `history` gives, for the lags.
expected<std::vector<pair_link>> find_responses(const aggregate_history& history,
                                                const pair_window& window,
                                                const pair_scan& scan,
                                                const entity_names& names);

} // namespace habitd
