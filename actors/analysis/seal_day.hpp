#pragma once

#include "actors/analysis/analysis.hpp"

#include <vector>

namespace habitd {

/// Stores what detectors observed of a day, that they did, and that later checks of theirs
/// are to be made anew: one batch.
/// @param due  the detectors that were to observe the day; those that are not in `parts`
///             could not, and are asked again by the next job.
error seal_day(home_store& store, const home_day& day, detector_set due,
               std::vector<day_observed> parts, const analysis_workers& workers);

} // namespace habitd
