#pragma once

#include "messages/error.hpp"
#include "messages/job.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <memory>
#include <string>

namespace habitd {

/// Begins a job; `ec::busy` if one of its kind runs. Answered with its id at once.
struct start_job {
  std::string trigger{}; // "schedule", "http", …
};

/// Runs a job to its end; `ec::busy` if one of its kind runs.
struct run_job {
  std::string trigger{};
};

/// How a run of a job ended.
struct job_ended {
  std::string id{}; // of its job_record
  job_outcome outcome = job_outcome::ok;
};

/// Answered once, when the running job ends; at once if none runs.
struct await_job {};

/// Ends the running job at its next safe step, as `cancelled`. `ec::not_found` if there is no
/// such job.
struct cancel_job {
  std::string id;
};
struct cancel_answer {
  job_outcome outcome = job_outcome::running; // of the job; not running: it ended before
};

struct get_job_status {};
struct job_status {
  bool running = false;
  std::string phase{};     // that is under way; empty if none runs
  double progress = 0;     // 0 … 1 of the phase
  std::string waits_for{}; // why nothing is done for a while; empty if it is
  std::shared_ptr<const job_record> job{}; // the running one, else the last; may be null
};

/// Whoever can be run by the scheduler. The answer comes when the job has ended.
using job_actor = caf::typed_actor<caf::replies_to<run_job>::with<job_ended>>;

/// Carries the jobs of one kind, one at a time.
using job_carrier_actor =
  caf::typed_actor<caf::replies_to<start_job>::with<std::string>,
                   caf::replies_to<run_job>::with<job_ended>,
                   caf::replies_to<await_job>::with<job_status>,
                   caf::replies_to<cancel_job>::with<cancel_answer>,
                   caf::replies_to<get_job_status>::with<job_status>>;

template <class Inspector>
auto inspect(Inspector& f, start_job& x) {
  return f(caf::meta::type_name("start_job"), x.trigger);
}
template <class Inspector>
auto inspect(Inspector& f, run_job& x) {
  return f(caf::meta::type_name("run_job"), x.trigger);
}
template <class Inspector>
auto inspect(Inspector& f, job_ended& x) {
  return f(caf::meta::type_name("job_ended"), x.id, x.outcome);
}
template <class Inspector>
auto inspect(Inspector& f, await_job&) {
  return f(caf::meta::type_name("await_job"));
}
template <class Inspector>
auto inspect(Inspector& f, cancel_job& x) {
  return f(caf::meta::type_name("cancel_job"), x.id);
}
template <class Inspector>
auto inspect(Inspector& f, cancel_answer& x) {
  return f(caf::meta::type_name("cancel_answer"), x.outcome);
}
template <class Inspector>
auto inspect(Inspector& f, get_job_status&) {
  return f(caf::meta::type_name("get_job_status"));
}

} // namespace habitd

// A pointer to immutable data, passed within the process only.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(habitd::job_status)
