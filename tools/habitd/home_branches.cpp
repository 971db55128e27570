#include "tools/habitd/home_branches.hpp"

#include "actors/analysis/detector_worker.hpp"
#include "actors/runtime/job_at_work.hpp"
#include "actors/suggestion/suggestion_worker.hpp"

namespace habitd {

namespace {

constexpr const char* event_log_branch = "event log";
constexpr const char* suggestion_branch = "suggestion";

std::string detector_branch(const detector& what) {
  return std::string{"detector "} + what.name;
}

branch event_log_row(const home_parts& with, const std::shared_ptr<job_at_work>& job) {
  auto options = with.events;
  options.job = job;
  return supervised<event_log_actor>(
    event_log_branch, {}, with.spawn.restarts,
    [options, store = with.store, detached = with.spawn.own_threads](
      parent_ptr parent, const branch_site&) {
      return detached ? parent->spawn<caf::detached>(event_log, options, store)
                      : parent->spawn(event_log, options, store);
    },
    job);
}

branch detector_row(const home_parts& with, const detector& what,
                    const std::shared_ptr<job_at_work>& job) {
  return supervised<detector_actor>(
    detector_branch(what), {}, with.spawn.restarts,
    [what, store = with.store](parent_ptr parent, const branch_site&) {
      return parent->spawn(detector_worker, what, store);
    },
    job);
}

branch suggestion_row(const home_parts& with, const std::shared_ptr<job_at_work>& job) {
  return supervised<suggestion_actor>(
    suggestion_branch, {}, with.spawn.restarts,
    [store = with.store](parent_ptr parent, const branch_site&) {
      return parent->spawn(suggestion_worker, store);
    },
    job);
}

branch analysis_row(const home_parts& with, const std::shared_ptr<job_at_work>& job) {
  std::vector<std::string> needs{event_log_branch, suggestion_branch};
  for (const auto& detector : all_detectors())
    needs.push_back(detector_branch(detector));
  const auto start = [with, job](parent_ptr parent, const branch_site& site) {
    job->set({}); // if its forerunner failed within a job
    analysis_workers workers;
    workers.events = site.get<event_log_actor>(event_log_branch);
    workers.suggestions = site.get<suggestion_actor>(suggestion_branch);
    for (const auto& detector : all_detectors())
      workers.detectors.push_back(
        {detector.id, detector.name,
         site.get<detector_actor>(detector_branch(detector))});
    auto options = with.jobs;
    options.at_work = job;
    return parent->spawn(
      job_carrier,
      analysis_kind({workers, with.store, with.calendar, with.clock, with.analysis}),
      with.store, with.clock, options);
  };
  return supervised<job_carrier_actor>(analysis_branch, needs, with.spawn.restarts, start,
                                       job);
}

} // namespace

event_log_options events_from(const source_request& source, entity_filter filter) {
  event_log_options options;
  options.calendar = source.calendar;
  options.filter = std::move(filter);
  options.open = [source](const home_store& store) -> expected<event_source> {
    auto resumed = source;
    auto cursor = store.cursor(source_path(source.file).string());
    if (!cursor)
      return cursor.error();
    resumed.resume_cursor = std::move(*cursor);
    return open_source(resumed);
  };
  return options;
}

std::vector<branch> home_branches(const home_parts& with) {
  const auto job = std::make_shared<job_at_work>();
  std::vector<branch> rows{event_log_row(with, job)};
  for (const auto& detector : all_detectors())
    rows.push_back(detector_row(with, detector, job));
  rows.push_back(suggestion_row(with, job));
  rows.push_back(analysis_row(with, job));
  return rows;
}

} // namespace habitd
