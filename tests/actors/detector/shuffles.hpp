#pragma once

#include "tests/actors/detector/made_home.hpp"

namespace habitd {

/// Rotates every day of every entity by an offset of its own (detectors.md N1): no clock
/// and no associations are left, bursts and counts are.
std::vector<home_day> rotate_entity_days(const std::vector<home_day>& days,
                                         seeded& random);

/// Permutes the days of every entity (N2): the time of day is left, associations aren't.
std::vector<home_day> permute_entity_days(const std::vector<home_day>& days,
                                          seeded& random);

} // namespace habitd
