#pragma once

#include "messages/error.hpp"
#include "messages/job_control.hpp"
#include "messages/time.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <string>
#include <vector>

namespace habitd {

/// What is stored of one scheduled job: enough that no restart loses or repeats a run.
struct schedule_record {
  wall_time handled{}; // all due instants up to here are dealt with; zero: not looked yet
  std::vector<wall_time> answered; // the latest due instants that got a run, ascending
  wall_time last_run{};            // when the last run was begun; zero: never
  std::string last_trigger{};
  job_outcome last_outcome = job_outcome::ok; // running: its end is not known yet
  bool operator==(const schedule_record&) const = default;
};

/// Runs a job now. Answers as soon as it is begun, with `ec::busy` while it or another job of
/// its group runs, with `ec::not_found` naming the jobs that there are.
struct trigger_job {
  std::string name{};
  std::string reason{}; // becomes the trigger of the run
};

/// One line of the schedule.
struct schedule_entry {
  std::string name{};
  std::string expression{};
  wall_time last_run{}; // zero: never
  std::string last_trigger{};
  job_outcome last_outcome = job_outcome::ok; // of no meaning without a last run
  wall_time next_run{};                       // zero: none; past: due, but waiting
  bool running = false;
  std::string waiting_for{}; // the running job that a due one waits for; empty if none
};

struct list_schedule {};
struct schedule_status {
  std::vector<schedule_entry> jobs;
  std::string clock_doubt{}; // why nothing is started by the clock; empty if it is
};

using scheduler_actor =
  caf::typed_actor<caf::replies_to<trigger_job>::with<schedule_entry>,
                   caf::replies_to<list_schedule>::with<schedule_status>>;

template <class Inspector>
auto inspect(Inspector& f, trigger_job& x) {
  return f(caf::meta::type_name("trigger_job"), x.name, x.reason);
}
template <class Inspector>
auto inspect(Inspector& f, list_schedule&) {
  return f(caf::meta::type_name("list_schedule"));
}
template <class Inspector>
auto inspect(Inspector& f, schedule_entry& x) {
  return f(caf::meta::type_name("schedule_entry"), x.name, x.expression, x.last_run,
           x.last_trigger, x.last_outcome, x.next_run, x.running, x.waiting_for);
}
template <class Inspector>
auto inspect(Inspector& f, schedule_status& x) {
  return f(caf::meta::type_name("schedule_status"), x.jobs, x.clock_doubt);
}

} // namespace habitd
