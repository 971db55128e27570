#pragma once

#include "messages/home_day.hpp"
#include "storage/database.hpp"

namespace habitd {

/// Detectors by the number their stored aggregates carry; never renumber.
enum class detector_id : std::uint8_t { time_of_day = 1, co_occurrence = 2 };

/// One stored part of a detector's aggregate of one day.
struct aggregate_part {
  std::uint32_t part = 0; // the detector's own meaning, such as an item number
  std::string bytes;
};

/// Daily aggregates (family `aggregates_daily`, key: day, detector, part, big-endian). The day
/// comes first, so that a new day lies behind all that is stored and RocksDB has nothing to
/// rewrite for it.
class aggregate_store {
public:
  explicit aggregate_store(const database& db) : db_{db} {}

  /// Replaces everything `detector` has stored for `day`.
  void put_day(batch& changes, detector_id detector, local_day day,
               std::vector<aggregate_part> parts);

  expected<std::string> get(detector_id detector, local_day day, std::uint32_t part,
                            const snapshot* at = nullptr) const;

  /// Visits the parts of `day` by ascending part number.
  error
  scan_day(detector_id detector, local_day day,
           const std::function<bool(std::uint32_t part, std::string_view bytes)>& visit,
           const snapshot* at = nullptr) const;

  /// Of all detectors.
  void erase_day(batch& changes, local_day day);

private:
  const database& db_;
};

} // namespace habitd
