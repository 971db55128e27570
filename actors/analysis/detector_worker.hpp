#pragma once

#include "actors/detector/detector.hpp"
#include "messages/analysis.hpp"
#include "storage/home_store.hpp"

namespace habitd {

/// A detector's view of the sealed days in `[from, to)`, read from one snapshot.
expected<aggregate_history> history_of(const home_store& store, detector_id detector,
                                       local_day from, local_day to,
                                       std::shared_ptr<const snapshot> at);

/// Runs the weekly checks that are due since the last stored one, oldest first, and stores
/// each. Checks fall on every seventh day from the anchor on.
/// @returns  how many were run.
expected<std::uint32_t> bring_checks_up_to_date(const detector& detector,
                                                home_store& store);

/// Patterns from the window that ends with the last sealed day; empty without one.
expected<std::vector<pattern>> conclude_window(const detector& detector,
                                               const home_store& store);

struct detector_worker_state {
  static constexpr const char* name = "detector";
  detector_worker_state() = default;
  detector what;
  std::shared_ptr<home_store> store;
};

detector_actor::behavior_type
detector_worker(detector_actor::stateful_pointer<detector_worker_state> self,
                detector what, std::shared_ptr<home_store> store);

} // namespace habitd
