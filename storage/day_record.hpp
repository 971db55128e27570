#pragma once

#include "messages/home_day.hpp"
#include "storage/aggregate_store.hpp"

#include <bitset>
#include <map>
#include <vector>

namespace habitd {

/// Detectors, by their ids.
using detector_set = std::bitset<32>;

constexpr std::size_t index_of(detector_id detector) {
  return static_cast<std::size_t>(detector);
}

/// A detector, and the format in which it stores what it observes now.
struct day_observer {
  detector_id detector{};
  std::uint8_t format = 1;
};

/// What a detector's aggregate of a day was made from.
struct day_seal {
  std::uint8_t format = 1; // of the detector's records
  std::uint64_t epoch = 0; // of the day's rows
  bool operator==(const day_seal&) const = default;
};

/// What the store knows of one local day. Rows that come raise its epoch. A day is *sealed*
/// for a detector if and only if the detector's seal names its format of now and the day's
/// epoch; a detector without a seal has not seen the day, which is not to say that nothing
/// happened.
struct day_record {
  std::uint64_t epoch = 0; // of its rows; 0 = none ever came
  std::uint64_t seen_epoch =
    0;                       // what `observed`, `exposure` and `counts` are of; 0 = none
  std::uint32_t cut_off = 0; // jobs in a row that ended while they observed it
  bool raw_kept = true;      // its raw events are still stored
  std::bitset<bins_per_day> observed;
  std::array<std::uint16_t, slots_per_day> exposure{};
  day_counts counts;
  std::map<detector_id, day_seal> seals;
};

/// Whether the aggregate that `detector` has of a day is to be counted. It may be of fewer
/// rows than there are by now, until the day is observed anew.
inline bool is_sealed_for(detector_id detector, const day_record& record) {
  return record.seals.contains(detector);
}

/// Whether the day was ever observed.
inline bool was_seen(const day_record& record) {
  return record.seen_epoch > 0;
}

/// Those that can and should observe the day: its rows are there, and it isn't sealed.
detector_set due_for(const std::vector<day_observer>& observers,
                     const day_record& record);

// Stored as bytes; the seals are rows of their own.

std::string encode(const day_record& record);
std::string encode(const day_seal& seal);

/// @errors ec::corrupt_data naming the day.
expected<day_record> decode_day(std::string_view bytes, local_day day);
expected<day_seal> decode_seal(std::string_view bytes, local_day day);

/// A record as schema versions 1 and 2 had it, for all detectors of then.
expected<day_record> decode_day_of_schema_2(std::string_view bytes, local_day day);

} // namespace habitd
