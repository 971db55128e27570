#include "actors/analysis/drop_old.hpp"
#include "actors/analysis/phases.hpp"
#include "actors/analysis/replace_records.hpp"
#include "actors/runtime/fault_point.hpp"
#include "messages/log_of.hpp"

namespace habitd {

namespace {

void store_suggestions(step_report report, home_store& store,
                       const std::vector<suggestion>& made) {
  fault_point("analysis.store_suggestions");
  if (auto failed = replace_records(store, store.suggestions, made))
    return report.failed(failed);
  report.set_count(analysis_count::suggestions, made.size());
  report.done();
}

} // namespace

job_phase suggest_phase(const analysis_run_ptr& run) {
  const auto is_pruned = std::make_shared<bool>(false);
  job_phase phase;
  phase.name = "suggest";
  phase.repair = repair_stored(run);
  phase.step = [run, is_pruned](step_report report) {
    // First, since suggestions replay all stored days, which are so the same ones however
    // long ago the last job was.
    if (!std::exchange(*is_pruned, true))
      if (auto failed = drop_old(run->with, report.record()))
        log_of(log_area::analysis)
          .warn("analysis {}: old days not dropped: {}", report.record().id,
                describe(failed));
    if (!run->patterns) // conclude failed: the earlier suggestions stand
      return report.done();
    report.ask<suggestion_list>(run->with.workers.suggestions, step_timeout,
                                make_suggestions{run->patterns},
                                [run, report](const suggestion_list& made) {
                                  store_suggestions(report, *run->with.store, *made);
                                });
  };
  return phase;
}

} // namespace habitd
