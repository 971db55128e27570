#pragma once

#include "actors/analysis/analysis.hpp"

#include <map>

namespace habitd {

/// What the phases of one analysis share.
struct analysis_run {
  analysis_parts with;
  detector_set left_out;        // detectors, for the rest of this run
  std::string left_out_because; // the first one
  pattern_list patterns;        // null until they are concluded

  detector_set all_detectors() const;
  detector_set not_left_out() const { return all_detectors() & ~left_out; }
};
using analysis_run_ptr = std::shared_ptr<analysis_run>;

/// No step takes longer unless its worker hangs: the largest is one day of a busy home.
constexpr std::chrono::seconds step_timeout{120};

// Each in a file of its name.

/// Brings new events into the store, a page a step.
job_phase read_phase(const analysis_run_ptr& run);

/// Has days with new events observed and seals them, a day a step.
job_phase observe_phase(const analysis_run_ptr& run);

/// Makes the weekly checks that are due, one of each detector a step.
job_phase check_phase(const analysis_run_ptr& run);

/// Concludes from the window that ends with the last sealed day, and stores the patterns.
job_phase conclude_phase(const analysis_run_ptr& run);

/// Drops what is old, and replaces the suggestions by those of the patterns.
job_phase suggest_phase(const analysis_run_ptr& run);

/// Sets aside what is stored and can't be read any more, a detector a step. Damage, or a
/// format of another version: the step that met it is done over.
job_step repair_stored(const analysis_run_ptr& run);

/// Stores which day was at work when a job was cut off, if one was.
void note_day_cut_off(const analysis_parts& with, const job_record& cut_off);

} // namespace habitd
