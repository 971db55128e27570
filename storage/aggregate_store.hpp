#pragma once

#include "messages/home_day.hpp"
#include "messages/period.hpp"
#include "storage/database.hpp"

#include <optional>

namespace habitd {

/// Detectors by the number their stored aggregates carry; never renumber.
enum class detector_id : std::uint8_t { time_of_day = 1, co_occurrence = 2 };

/// One stored part of a detector's aggregate of one period.
struct aggregate_part {
  std::uint32_t part = 0; // the detector's own meaning, such as an item number
  std::string bytes;
};

/// What a detector has of one week or month.
struct detector_period {
  detector_id detector{};
  period of;
  bool operator==(const detector_period&) const = default;
};

/// Which days of a week or month are in its aggregate, by their place in it.
using days_merged = std::uint32_t;

/// Sees one part, valid during the call only; returns false to stop.
using visit_part = std::function<bool(std::uint32_t part, std::string_view bytes)>;

/// Aggregates of days, weeks and months: a family for each layer, key: period, detector,
/// part, big-endian. The period comes first, so that a new one lies behind all that is stored
/// and RocksDB has nothing to rewrite for it. A week or month has one row more, without a
/// part: the days that it holds, or nothing if it was touched and is to be merged anew.
class aggregate_store {
public:
  explicit aggregate_store(const database& db) : db_{db} {}

  /// Replaces everything `detector` has stored for `day`. Its week and month are touched.
  void put_day(batch& changes, detector_id detector, local_day day,
               std::vector<aggregate_part> parts);

  /// Replaces a week or month; it is touched no more.
  void put_merged(batch& changes, const detector_period& one,
                  std::vector<aggregate_part> parts, days_merged days);

  /// Notes that days of a week or month have changed since it was merged.
  void touch(batch& changes, const detector_period& one);

  /// The weeks and months that were touched, oldest first. @errors ec::corrupt_data.
  expected<std::vector<detector_period>> touched() const;

  /// The days that are in a week or month; nothing if it is touched, or was never merged.
  /// @errors ec::corrupt_data.
  expected<std::optional<days_merged>> merged(const detector_period& one,
                                              const snapshot* at = nullptr) const;

  /// @errors ec::not_found; ec::corrupt_data.
  expected<std::string> get(detector_id detector, period of, std::uint32_t part,
                            const snapshot* at = nullptr) const;

  /// Visits the parts of a period by ascending part number.
  error scan(detector_id detector, period of, const visit_part& visit,
             const snapshot* at = nullptr) const;
  error scan_day(detector_id detector, local_day day, const visit_part& visit,
                 const snapshot* at = nullptr) const {
    return scan(detector, day, visit, at);
  }

  /// Of all detectors.
  void erase(batch& changes, period one);
  void erase_day(batch& changes, local_day day) { erase(changes, day); }

  /// All of the layer of `end` that comes before it, period by period.
  error erase_before(batch& changes, period end);

private:
  void replace(batch& changes, detector_id detector, period of,
               std::vector<aggregate_part> parts);

  const database& db_;
};

} // namespace habitd
