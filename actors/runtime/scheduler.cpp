#include "actors/runtime/scheduler.hpp"

#include "actors/runtime/failure_handlers.hpp"
#include "actors/runtime/handler_result.hpp"
#include "messages/log_of.hpp"

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 30s;

/// A run whose worker is unavailable is begun again at the next look, so often in all.
constexpr int most_attempts = 3;

} // namespace

error scheduler_state::open(scheduler_parts parts) {
  with = std::move(parts);
  plan = std::make_unique<schedule>(with.calendar, with.install_id);
  for (const auto& job : with.jobs) {
    auto record = with.load(job.what.name);
    if (!record) {
      if (code_of(record.error()) != ec::corrupt_data)
        return record.error();
      log_of(log_area::schedule).error("begun anew: {}", describe(record.error()));
      record = schedule_record{};
    }
    plan->add(job.what, std::move(*record));
    cut_off.push_back(plan->held_up_by(plan->size() - 1) == plan->size() - 1);
  }
  attempts.resize(plan->size());
  return {};
}

void scheduler_state::look() {
  const auto now = with.clock->now();
  if (auto found = with.doubt(now); found != doubt) {
    doubt = std::move(found);
    if (doubt.empty())
      log_of(log_area::schedule).info("the clock can be trusted: scheduled jobs run");
    else
      log_of(log_area::schedule).warn("no scheduled job runs: {}", doubt);
  }
  ask_after_cut_off_runs();
  if (!doubt.empty())
    return;
  settle(now);
  for (const auto& run : plan->due_at(now)) {
    if (run.missed)
      log_of(log_area::schedule)
        .info("{} made up for: it was due {}", plan->job(run.job).name,
              with.calendar->format(run.due));
    const bool over_again = run.due == wall_time{};
    if (auto failed = start(run, over_again ? plan->record(run.job).last_trigger
                                            : std::string{"schedule"}))
      log_of(log_area::schedule)
        .error("{} not started: {}", plan->job(run.job).name, describe(failed));
  }
}

void scheduler_state::settle(wall_time now) {
  for (const auto job : plan->settle(now))
    if (auto failed = save(job, plan->record(job)))
      log_of(log_area::schedule)
        .warn("schedule of {}: {}", plan->job(job).name, describe(failed));
}

void scheduler_state::ask_after_cut_off_runs() {
  for (std::size_t job = 0; job < plan->size(); ++job) {
    if (!cut_off[job])
      continue;
    const auto& name = plan->job(job).name;
    const auto found = with.find_run(name, plan->record(job).last_run);
    if (!found) {
      log_of(log_area::schedule)
        .error("last run of {}: {}", name, describe(found.error()));
      continue;
    }
    const auto& outcome = *found;
    if (!outcome) {
      cut_off[job] = false;
      plan->again(job);
      log_of(log_area::schedule).info("{} did not begin yet: it begins now", name);
    } else if (*outcome != job_outcome::running) {
      cut_off[job] = false;
      ended(job, *outcome);
    }
  }
}

error scheduler_state::start(const due_run& run, std::string trigger) {
  auto record = plan->begun(run, with.clock->now(), trigger);
  if (auto failed = save(run.job, record))
    return failed;
  plan->begin(run.job, std::move(record));
  self->request(with.jobs[run.job].who, caf::infinite, run_job{std::move(trigger)})
    .then(
      [this, job = run.job](const job_ended& how) {
        ended(job, how.outcome);
        look(); // others may have waited for it
      },
      [this, job = run.job](const error& reason) { not_run(job, reason); });
  return {};
}

void scheduler_state::ended(std::size_t job, job_outcome outcome) {
  attempts[job] = 0;
  plan->end(job, outcome);
  if (auto failed = save(job, plan->record(job)))
    log_of(log_area::schedule)
      .warn("schedule of {}: {}", plan->job(job).name, describe(failed));
}

/// Somebody else runs it, or its worker is being restarted: both pass, and the next look asks
/// whether the run began, for then it may be resumed already. Anything else doesn't pass.
void scheduler_state::not_run(std::size_t job, const error& reason) {
  const auto code = code_of(reason);
  if (code == ec::busy || (code == ec::unavailable && ++attempts[job] < most_attempts)) {
    log_of(log_area::schedule)
      .warn("{} has to wait: {}", plan->job(job).name, describe(reason));
    cut_off[job] = true;
    return;
  }
  log_of(log_area::schedule)
    .error("{} failed: {}", plan->job(job).name, describe(reason));
  ended(job, job_outcome::failed);
}

expected<schedule_entry> scheduler_state::trigger(const trigger_job& msg) {
  const auto job = plan->find(msg.name);
  if (!job) {
    std::string names;
    for (std::size_t i = 0; i < plan->size(); ++i)
      names += (i > 0 ? ", " : "") + plan->job(i).name;
    return make_error(ec::not_found, "no job " + msg.name + "; there are: " + names);
  }
  if (const auto other = plan->held_up_by(*job))
    return make_error(ec::busy, plan->job(*other).name + " is running");
  if (auto failed = start({*job, {}, false}, msg.reason))
    return failed;
  return plan->entry(*job, with.clock->now());
}

schedule_status scheduler_state::list() const {
  schedule_status status;
  const auto now = with.clock->now();
  status.clock_doubt = with.doubt(now);
  for (std::size_t i = 0; i < plan->size(); ++i)
    status.jobs.push_back(plan->entry(i, now));
  return status;
}

error scheduler_state::save(std::size_t job, const schedule_record& record) const {
  return with.save(plan->job(job).name, record);
}

scheduler_self::behavior_type
scheduler(scheduler_self::stateful_pointer<scheduler_state> self, scheduler_parts parts) {
  install_failure_handlers(self);
  auto& state = self->state;
  if (auto failed = state.open(std::move(parts)))
    self->quit(failed);
  else
    self->send(self, look_at_clock{});
  return {
    [&state](const trigger_job& msg) { return to_result(state.trigger(msg)); },
    [&state](list_schedule) { return state.list(); },
    [self, &state](look_at_clock) {
      self->delayed_send(self, look_every, look_at_clock{});
      state.look();
    },
  };
}

} // namespace habitd
