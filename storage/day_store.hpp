#pragma once

#include "messages/home_day.hpp"
#include "storage/aggregate_store.hpp"
#include "storage/database.hpp"

#include <bitset>
#include <map>
#include <optional>

namespace habitd {

/// Detectors, by their ids.
using detector_set = std::bitset<32>;

constexpr std::size_t index_of(detector_id detector) {
  return static_cast<std::size_t>(detector);
}

/// What the store knows of one local day. A day is *dirty* while it has rows that its
/// aggregates do not hold yet, else *sealed*.
struct day_record {
  bool dirty = false;
  detector_set missing;       // of a sealed day: those that could not observe it
  std::uint32_t cut_off = 0;  // jobs in a row that ended while they observed it
  bool raw_kept = true;       // its raw events are still stored
  std::uint64_t revision = 0; // counts seals: rises when a sealed day was re-opened
  std::bitset<bins_per_day> observed;
  std::array<std::uint16_t, slots_per_day> exposure{};
  day_counts counts;
};

/// Whether the aggregates that `detector` has of a day are to be counted.
inline bool is_sealed_for(detector_id detector, const day_record& record) {
  return record.revision > 0 && !record.missing[index_of(detector)];
}

/// Days of the home (family `days`, key: day, big-endian). Encoded with a version byte.
class day_store {
public:
  explicit day_store(const database& db) : db_{db} {}

  void put(batch& changes, local_day day, const day_record& record);
  expected<day_record> get(local_day day, const snapshot* at = nullptr) const;

  /// All days in `[from, to)`, ascending.
  expected<std::map<local_day, day_record>> range(local_day from, local_day to,
                                                  const snapshot* at = nullptr) const;
  expected<std::optional<local_day>> first() const;
  expected<std::optional<local_day>> last() const;
  void erase(batch& changes, local_day day);

private:
  const database& db_;
};

} // namespace habitd
