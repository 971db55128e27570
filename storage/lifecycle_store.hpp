#pragma once

#include "storage/aggregate_store.hpp"

#include <optional>
#include <utility>

namespace habitd {

/// What a detector knew after each weekly check (family `lifecycle`, key: detector, check
/// day, big-endian). A check is a pure function of the days up to it, so a stored state is
/// either right or, once one of its days was sealed again, erased.
class lifecycle_store {
public:
  explicit lifecycle_store(const database& db) : db_{db} {}

  void put(batch& changes, detector_id detector, local_day check, std::string_view state);

  /// The latest check and its state; nothing before the first.
  expected<std::optional<std::pair<local_day, std::string>>>
  last(detector_id detector, const snapshot* at = nullptr) const;

  /// Forgets the checks before `day`, but for the last of them: what comes next goes on from
  /// it.
  error erase_before(batch& changes, detector_id detector, local_day day);

  /// Forgets the checks on `day` and later.
  void erase_from(batch& changes, detector_id detector, local_day day);

private:
  const database& db_;
};

} // namespace habitd
