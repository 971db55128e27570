#pragma once

#include "actors/detector/co_occurrence/finding.hpp"
#include "actors/detector/co_occurrence/scan.hpp"

#include <vector>

namespace habitd {

/// A pair at its better window, with the median of its lags in seconds.
struct pair_link {
  pair_found pair;
  double lag = 0;
};

/// The median of first responses by lag within a window, and the 10 and 90 % points, in
/// seconds; lags spread evenly over their bin.
lag_summary summarise_lags(const std::array<std::uint32_t, lag_ends.size()>& lags,
                           const std::array<std::uint32_t, window_kinds>& hits,
                           std::size_t kind);

/// Keeps the better window of each ordered pair: one in which it follows its trigger, then
/// the one with the smaller p.
std::vector<pair_found> better_windows(std::vector<pair_found> found);

/// Keeps the better direction of each pair of items, likewise; of equal ones the one whose
/// trigger comes first by name.
std::vector<pair_found> stronger_directions(std::vector<pair_found> found,
                                            const entity_names& names);

/// Leaves out what the rest explains: A->C if A->B and B->C account for it, and B->C if both
/// only follow A. Links between turns of one entity, and those that are not ordered, explain
/// but are never kept.
std::vector<pair_link> unexplained(const std::vector<pair_link>& links);

} // namespace habitd
