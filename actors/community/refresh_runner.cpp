#include "actors/community/refresh_runner.hpp"

#include "actors/community/commit_plan.hpp"
#include "actors/runtime/failure_handlers.hpp"
#include "messages/log_of.hpp"
#include "storage/records.hpp"

namespace habitd {

void refresh_runner_state::run() {
  self->request(with.refresh, caf::infinite, run_job{trigger})
    .then([this](const job_ended& how) { ended(how); },
          [this](const error& reason) {
            failed({{}, job_outcome::failed}, describe(reason));
          });
}

void refresh_runner_state::ended(const job_ended& how) {
  if (how.outcome == job_outcome::cancelled) {
    is_running = false;
    answer.deliver(how);
    return;
  }
  if (how.outcome != job_outcome::ok && how.outcome != job_outcome::partial) {
    std::string problem = "it was cut off";
    if (const auto text = with.store->jobs.get(how.id))
      if (const auto job = job_from_json(*text); job && !job->problem.empty())
        problem = job->problem;
    return failed(how, problem);
  }
  is_running = false;
  if (const auto runs = with.store->corpus.refreshes(1); runs && !runs->empty())
    tell_outcome(runs->front(), 0);
  answer.deliver(how);
}

void refresh_runner_state::failed(const job_ended& how, const std::string& problem) {
  auto& log = log_of(log_area::community);
  if (retries < refresh_retries.size()) {
    const auto wait = refresh_retries[retries++];
    log.warn("the refresh failed: {}; it is run again in {} min", problem, wait.count());
    self->delayed_send(self, wait, run_again{});
    return;
  }
  is_running = false;
  refresh_summary summary;
  summary.job = how.id;
  summary.started = begun;
  summary.finished = with.clock->now();
  summary.problem = problem;
  if (const auto err = record_failure(*with.store, summary))
    log.error("the failed refresh is not recorded: {}", describe(err));
  const auto in_a_row = failures_in_a_row(*with.store);
  tell_outcome(summary, in_a_row ? *in_a_row : 1);
  answer.deliver(how);
}

void refresh_runner_state::tell_outcome(const refresh_summary& run,
                                        std::size_t failed_in_a_row) {
  if (with.tell)
    for (const auto& change : alerts_after(run, failed_in_a_row))
      with.tell(change);
}

refresh_runner_self::behavior_type
refresh_runner(refresh_runner_self::stateful_pointer<refresh_runner_state> self,
               refresh_runner_parts with) {
  install_failure_handlers(self);
  self->state.with = std::move(with);
  return {
    [self](const run_job& what) -> caf::result<job_ended> {
      auto& state = self->state;
      if (state.is_running)
        return make_error(ec::busy, std::string{"a refresh is running"});
      state.is_running = true;
      state.retries = 0;
      state.trigger = what.trigger;
      state.begun = state.with.clock->now();
      state.answer = self->make_response_promise<job_ended>();
      state.run();
      return state.answer;
    },
    [self](run_again) {
      if (self->state.is_running)
        self->state.run();
    },
  };
}

} // namespace habitd
