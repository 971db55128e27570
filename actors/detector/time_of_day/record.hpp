#pragma once

#include "actors/detector/detector.hpp"

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// When the episodes of one item began on one day. An episode begins with an activation
/// that has no other of the item in the 15 minutes before it. The evening stands in for the
/// one before: else what is always busy would begin at 03:00 every day.
struct item_starts {
  item_number item = 0;
  std::bitset<bins_per_day> starts;    // by people, devices or causes unknown
  std::bitset<bins_per_day> automated; // by automations and scripts
  bool operator==(const item_starts&) const = default;
};

/// Episode starts by day, items ascending: one day as observed, more days once merged.
using start_record = std::map<local_day, std::vector<item_starts>>;

/// All episode starts of a day.
start_record observe_starts(const home_day& day);

/// The union of both: associative, commutative, and a day merged twice changes nothing.
start_record merge(const start_record& a, const start_record& b);

std::string pack(const start_record& record);

/// `merge` of packed records. @errors as of `unpack_starts`.
expected<std::string> merge_starts(std::string_view a, std::string_view b);

/// @errors ec::corrupt_data for anything `pack` did not write, a newer version included.
expected<start_record> unpack_starts(std::string_view bytes);

} // namespace habitd
