#pragma once

#include "actors/analysis/analysis.hpp"

#include <functional>
#include <vector>

namespace habitd {

/// After so many jobs in a row that ended while they observed the same day, the day is taken
/// for the reason.
constexpr std::uint32_t suspect_after = 2;

/// The days that detectors have still to observe, in the order in which that is done: oldest
/// first, then those that are suspected of ending the process.
struct days_to_do {
  std::vector<local_day> days;
  std::size_t suspects = 0; // so many of them, at the end

  /// The suspects, which are taken out.
  std::vector<local_day> leave_out_suspects();
};

/// Which days are to be observed at all.
using day_filter = std::function<bool(local_day)>;

/// @param observers  those at work: a day that only others miss is not due.
expected<days_to_do> find_days_to_do(const home_store& store,
                                     const std::vector<day_observer>& observers,
                                     const day_filter& wanted);

/// The detectors at work, with the formats they store in.
std::vector<day_observer> observers_of(const analysis_workers& workers);

/// Opens the days whose aggregates are in another format than their detector's of now, so
/// that nobody reads them. They are observed anew if their rows are still there.
error leave_other_formats(home_store& store, const std::vector<day_observer>& observers);

/// Stores that a job ended without a word while it observed `day`.
error note_cut_off(home_store& store, local_day day);

} // namespace habitd
