#include "actors/analysis/analysis.hpp"

#include "actors/analysis/phases.hpp"

namespace habitd {

detector_set analysis_run::all_detectors() const {
  detector_set all;
  for (const auto& detector : with.workers.detectors)
    all.set(index_of(detector.id));
  return all;
}

job_kind analysis_kind(analysis_parts with) {
  job_kind kind;
  kind.name = "analysis";
  kind.group = "corpus";
  kind.after_crash = [with](const job_record& cut_off) {
    note_day_cut_off(with, cut_off);
  };
  kind.phases = [with = std::move(with)](const job_record&) {
    const auto run = std::make_shared<analysis_run>();
    run->with = with;
    return std::vector{read_phase(run), observe_phase(run), check_phase(run),
                       conclude_phase(run), suggest_phase(run)};
  };
  return kind;
}

} // namespace habitd
