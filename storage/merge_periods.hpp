#pragma once

#include "storage/aggregate_store.hpp"

namespace habitd {

/// Joins two stored parts of one number: counts that add up, so that order doesn't matter.
using merge_parts = std::function<expected<std::string>(
  std::uint32_t part, std::string_view one, std::string_view other)>;

/// Makes the aggregate of a week or month anew from those of its days.
/// @param days  those that the detector has observed, ascending, all within the period.
/// @errors      ec::corrupt_data; those of `merge`.
error stage_merged(batch& changes, aggregate_store& aggregates,
                   const detector_period& one, const std::vector<local_day>& days,
                   const merge_parts& merge);

} // namespace habitd
