#pragma once

#include "messages/home_day.hpp"

#include <cstdint>
#include <vector>

namespace habitd {

/// A change of class of an entity, not yet known to be an act of its own.
struct entity_turn {
  wall_time at{};
  std::uint32_t entity =
    0; // entities compare by name: the smaller number has the smaller
  turn to = turn::off;
  bool automated = false;
  std::uint64_t act = 0;
  bool operator==(const entity_turn&) const = default;
};

/// Removes all but one entity of each act seen through a group and its members: turns with
/// one context, the same way, within two seconds. The entity whose name comes first stays.
/// Automated turns stay all: they are no habits, and what an automation does is counted.
/// @param turns  ascending by time, then entity.
/// @returns      how many were removed.
std::uint64_t drop_echoes(std::vector<entity_turn>& turns);

/// Removes the turns of entities that report by the clock: 20 or more the same way, of whose
/// gaps the 10 % and the 90 % quantile lie within 5 % of the median of each other.
/// @param turns  ascending by time.
/// @returns      how many were removed.
std::uint64_t drop_periodic(std::vector<entity_turn>& turns);

} // namespace habitd
