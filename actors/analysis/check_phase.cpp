#include "actors/analysis/ask_detectors.hpp"

#include <optional>

namespace habitd {

namespace {

struct checks {
  detector_set open; // those that are not up to date yet
  std::string problem;
};

} // namespace

job_phase check_phase(const analysis_run_ptr& run) {
  const auto state = std::make_shared<std::optional<checks>>();
  job_phase phase;
  phase.name = "check";
  phase.repair = repair_stored(run);
  phase.step = [run, state](step_report report) {
    if (!*state)
      *state = checks{run->not_left_out(), run->left_out_because};
    // One check of each detector a step, so that no handler takes long however many are due.
    ask_detectors<check_done>(
      report, run->with.workers.detectors, (*state)->open, run_check{},
      [report, state](const detector_answers<check_done>& answers) {
        auto& now = **state;
        if (now.problem.empty())
          now.problem = answers.problem();
        now.open.reset();
        for (const auto& [detector, done] : answers.good)
          now.open.set(index_of(detector->id), done.was_due);
        now.open.any() ? report.more() : report.done(now.problem);
      });
  };
  return phase;
}

} // namespace habitd
