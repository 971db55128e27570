#pragma once

#include "messages/time.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace habitd {

/// Stable number of an entity in this store, from 1; allocated in order of first sight.
using entity_number = std::uint32_t;

/// "light" of "light.kitchen"; empty for a name without a domain.
constexpr std::string_view domain_of(std::string_view entity) {
  const auto dot = entity.find('.');
  return dot == std::string_view::npos ? std::string_view{} : entity.substr(0, dot);
}

/// What a habit is made of: an entity entering its on-class or its off-class.
enum class turn : std::uint8_t { off = 0, on = 1 };

/// Entity and turn in one number: `entity * 2 + turn`.
using item_number = std::uint32_t;

constexpr item_number item_of(entity_number entity, turn to) {
  return entity * 2 + static_cast<item_number>(to);
}
constexpr entity_number entity_of(item_number item) {
  return item / 2;
}
constexpr turn turn_of(item_number item) {
  return static_cast<turn>(item % 2);
}

constexpr int bins_per_day = 288; // five minutes of local wall time each, from 03:00
constexpr int slots_per_day = 96; // 15 minutes, three bins each

/// One entry of an entity into a class, after all filters.
struct activation {
  std::int32_t at = 0;   // ms since the day began, elapsed time, so 0 … 25 h
  std::uint16_t bin = 0; // of local wall time since 03:00, 0 … 287; repeats on a 25 h day
  bool automated = false; // the consequence of an automation or script
  item_number item = 0;
  bool operator==(const activation&) const = default;
};

/// Rows of one day by what became of them; `rows` is the sum of all others.
struct day_counts {
  std::uint64_t rows = 0;
  std::uint64_t kept = 0;           // became an activation of a person, device or unknown
  std::uint64_t automated = 0;      // became an activation marked as automated
  std::uint64_t duplicate = 0;      // the same row read before
  std::uint64_t attribute_only = 0; // the state did not change
  std::uint64_t unavailable = 0;    // to or from unavailable, unknown or nothing
  std::uint64_t restart = 0;        // within the guard time after a restart
  std::uint64_t echo = 0;           // one act seen through a group and its members
  std::uint64_t periodic = 0;       // of an entity that reports by the clock
  std::uint64_t not_a_turn = 0;     // numeric, or a change inside the same class
  bool operator==(const day_counts&) const = default;
};

/// One local day of a home, cleaned: what detectors observe.
struct home_day {
  local_day day;
  std::uint64_t epoch = 1;            // of the rows it was made from, see `day_record`
  std::bitset<bins_per_day> observed; // habitd saw the home throughout the bin
  std::array<std::uint16_t, slots_per_day> exposure{}; // observed seconds, 0 … 1800 each
  std::vector<activation> activations;                 // by `at`, then `item`
  day_counts counts;
};

/// Days are large and read by several detectors at once, so they travel by pointer.
using home_day_ptr = std::shared_ptr<const home_day>;

} // namespace habitd
