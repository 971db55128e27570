#pragma once

#include "actors/detector/detector.hpp"

#include <map>
#include <string>

namespace habitd {

/// Lengths of uses are counted in bins, each two per cent longer than the one before.
using length_bin = std::uint16_t;

/// @param seconds  of a use, at least 1; beyond three days the last bin.
length_bin bin_of_length(std::uint32_t seconds);

/// Seconds in the middle of a bin, and its ends.
double length_of(length_bin bin);
std::uint32_t shortest_of(length_bin bin);
std::uint32_t longest_of(length_bin bin);

/// Ends of uses that a day's end cuts: seconds since the day began, 0 = none.
struct cut_uses {
  std::uint32_t tail = 0; // when the use that was still going on began
  std::uint32_t head = 0; // when the one that was going on at 03:00 ended
  bool operator==(const cut_uses&) const = default;
};

/// How long an entity was in its on-class each time, on one day or, merged, on several. Only
/// uses that people, or causes unknown, began and ended are in `uses`.
struct use_record {
  std::map<length_bin, std::uint32_t> uses;
  std::uint32_t automated = 0;        // uses that an automation began or ended
  std::uint32_t censored = 0;         // uses not seen from end to end
  std::map<local_day, cut_uses> cuts; // by day; joined when patterns are concluded
  bool operator==(const use_record&) const = default;
};

std::map<entity_number, use_record> observe_uses(const home_day& day);

/// Sums both: associative, commutative, exact, as long as no day is in both.
use_record merge(const use_record& a, const use_record& b);

std::string pack(const use_record& record);

/// @errors ec::corrupt_data for anything `pack` did not write, a newer version included.
expected<use_record> unpack_uses(std::string_view bytes);

} // namespace habitd
