#pragma once

#include "actors/detector/detector.hpp"
#include "messages/analysis.hpp"
#include "storage/home_store.hpp"

namespace habitd {

/// A detector's view of the sealed days in `[from, to)`, read from one snapshot.
expected<aggregate_history> history_of(const home_store& store, detector_id detector,
                                       local_day from, local_day to,
                                       std::shared_ptr<const snapshot> at);

/// Runs the weekly check after the last stored one, if that is due, and stores it. Checks
/// fall on every seventh day from the anchor on.
/// @returns  whether one was due.
expected<bool> run_next_check(const detector& detector, home_store& store);

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
