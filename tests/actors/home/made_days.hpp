#pragma once

#include "tests/actors/home/sample.hpp"

#include "actors/home/clean.hpp"

#include <map>

namespace habitd {

/// What is left of a day that readers gave, with names instead of numbers.
struct plain_day {
  std::vector<std::string> acts; // "15480000 light.a on", "… automated"
  std::bitset<bins_per_day> observed;
  std::array<std::uint16_t, slots_per_day> exposure{};
  bool operator==(const plain_day&) const = default;
};

/// Cleans rows as a store would that had them from one source or from several.
std::map<local_day, plain_day> days_of(const std::vector<plain_row>& rows);

/// How many acts there are in all.
std::size_t acts_in(const std::map<local_day, plain_day>& days);

} // namespace habitd
