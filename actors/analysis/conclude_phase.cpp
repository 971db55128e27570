#include "actors/analysis/ask_detectors.hpp"
#include "actors/analysis/replace_records.hpp"
#include "actors/runtime/fault_point.hpp"

#include <algorithm>

namespace habitd {

namespace {

using answers_of_all = detector_answers<pattern_list>;

/// What a detector that has nothing to say today said the last time.
error add_stored_patterns(const home_store& store, const std::string& detector,
                          std::vector<pattern>& all) {
  const auto stored = store.patterns.list();
  if (!stored)
    return stored.error();
  for (const auto& [id, text] : *stored) {
    auto kept = pattern_from_json(text);
    if (!kept)
      return kept.error();
    if (kept->detector == detector)
      all.push_back(std::move(*kept));
  }
  return {};
}

/// In the order of the detectors.
expected<std::vector<pattern>> patterns_of_all(const analysis_parts& with,
                                               const answers_of_all& answers) {
  std::vector<pattern> all;
  for (const auto& detector : with.workers.detectors) {
    const auto found =
      std::find_if(answers.good.begin(), answers.good.end(),
                   [&](const auto& answer) { return answer.first == &detector; });
    if (found != answers.good.end())
      all.insert(all.end(), found->second->begin(), found->second->end());
    else if (auto failed = add_stored_patterns(*with.store, detector.name, all))
      return failed;
  }
  return all;
}

void conclude(step_report report, analysis_run& run, const answers_of_all& answers) {
  const auto problem =
    run.left_out_because.empty() ? answers.problem() : run.left_out_because;
  if (answers.good.empty())
    return report.done(problem); // the earlier findings stand
  auto found = patterns_of_all(run.with, answers);
  if (!found)
    return report.failed(found.error());
  fault_point("analysis.store_patterns");
  if (auto failed = replace_records(*run.with.store, run.with.store->patterns, *found))
    return report.failed(failed);
  report.set_count(analysis_count::patterns, found->size());
  run.patterns = std::make_shared<const std::vector<pattern>>(std::move(*found));
  report.done(problem);
}

} // namespace

job_phase conclude_phase(const analysis_run_ptr& run) {
  job_phase phase;
  phase.name = "conclude";
  phase.repair = repair_stored(run);
  phase.step = [run](step_report report) {
    ask_detectors<pattern_list>(
      report, run->with.workers.detectors, run->not_left_out(), conclude_patterns{},
      [run, report](const answers_of_all& answers) { conclude(report, *run, answers); });
  };
  return phase;
}

} // namespace habitd
