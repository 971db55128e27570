#include "tools/habitd/home_system.hpp"

#include "actors/analysis/detector_worker.hpp"
#include "actors/runtime/job_at_work.hpp"
#include "actors/runtime/supervisor.hpp"
#include "actors/suggestion/suggestion_worker.hpp"

#include <caf/scoped_actor.hpp>

namespace habitd {

namespace {

template <class Handle>
Handle keep(std::vector<caf::actor>& supervisors, Handle handle) {
  supervisors.push_back(caf::actor_cast<caf::actor>(handle));
  return handle;
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

home_system::quiet_config::quiet_config() {
  set("scheduler.policy", caf::atom("sharing")); // the fewest idle wake-ups
  set("scheduler.max-threads", 2);
}

home_actors::home_actors(caf::actor_system& system, const parts& with)
    : system_{system}, board_{std::make_shared<health_board>(with.clock)} {
  const auto& policy = with.spawn.restarts;
  const auto job = std::make_shared<job_at_work>();
  auto events = with.events;
  events.job = job;
  auto options = with.jobs;
  options.at_work = job;
  analysis_workers workers;
  workers.events =
    keep(supervisors_, supervise<event_log_actor>(
                         system_, board_, "event log", policy,
                         [options = std::move(events), store = with.store,
                          detached = with.spawn.own_threads](parent_ptr parent) {
                           return detached ? parent->spawn<caf::detached>(event_log,
                                                                          options, store)
                                           : parent->spawn(event_log, options, store);
                         },
                         job));
  for (const auto& detector : all_detectors())
    workers.detectors.push_back(
      {detector.id, detector.name,
       keep(supervisors_,
            supervise<detector_actor>(
              system_, board_, std::string{"detector "} + detector.name, policy,
              [detector, store = with.store](parent_ptr parent) {
                return parent->spawn(detector_worker, detector, store);
              },
              job))});
  workers.suggestions =
    keep(supervisors_, supervise<suggestion_actor>(
                         system_, board_, "suggestion", policy,
                         [store = with.store](parent_ptr parent) {
                           return parent->spawn(suggestion_worker, store);
                         },
                         job));
  analysis_ =
    keep(supervisors_,
         supervise<job_carrier_actor>(
           system_, board_, "analysis", policy,
           [workers, with, options, job](parent_ptr parent) {
             job->set({}); // if its forerunner failed within a job
             return parent->spawn(job_carrier,
                                  analysis_kind({workers, with.store, with.calendar,
                                                 with.clock, with.analysis}),
                                  with.store, with.clock, options);
           },
           job));
}

void home_actors::stop() {
  caf::scoped_actor self{system_};
  for (auto actor = supervisors_.rbegin(); actor != supervisors_.rend(); ++actor) {
    self->send_exit(*actor, caf::exit_reason::user_shutdown);
    self->wait_for(*actor);
  }
  supervisors_.clear();
  analysis_ = nullptr;
}

} // namespace habitd
