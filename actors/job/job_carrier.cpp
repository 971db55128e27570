#include "actors/job/job_carrier.hpp"

#include "actors/job/job_history.hpp"
#include "actors/runtime/failure_handlers.hpp"
#include "actors/runtime/fault_point.hpp"
#include "actors/runtime/handler_result.hpp"
#include "messages/log_correlation.hpp"
#include "messages/log_of.hpp"
#include "storage/job_ids.hpp"
#include "storage/records.hpp"

#include <caf/exit_reason.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr std::ptrdiff_t most_crashes = 3; // in a row; then only the schedule tries
constexpr auto resume_again_after = 30s;   // for a disk that is full

std::vector<phase_rule> rules_of(const std::vector<job_phase>& phases) {
  std::vector<phase_rule> rules;
  for (const auto& phase : phases)
    rules.push_back({phase.name, phase.failing, phase.repair != nullptr, phase.is_kept});
  return rules;
}

std::string counts_text(const job_counts& counts) {
  std::string text;
  for (const auto& [name, count] : counts)
    if (count > 0)
      text += fmt::format(", {} {}", count, name);
  return text;
}

} // namespace

std::string job_carrier_state::title() const {
  return kind.name + ' ' + run->record().id;
}

expected<std::string> job_carrier_state::begin(const std::string& trigger,
                                               const job_record* cut_off) {
  if (is_running())
    return make_error(ec::busy, title() + " is running");
  if (!end_is_stored) // the disk was full when the last job ended
    if (auto failed = save(run->record()))
      return failed;
  end_is_stored = true;
  job_record record;
  record.started = clock->now();
  auto id = next_job_id(*store->db, record.started);
  if (!id)
    return std::move(id.error());
  record.id = std::move(*id);
  record.kind = kind.name;
  record.trigger = trigger;
  for (const auto& count : kind.counts)
    record.counts[count] = 0;
  if (cut_off) {
    record.resumes = cut_off->id;
    record.correlation = cut_off->correlation;
    record.bookmark = cut_off->bookmark;
  }
  if (record.correlation.empty() && options.new_correlation)
    record.correlation = options.new_correlation();
  const log_correlation lines{record.correlation};
  if (auto failed = save(record))
    return failed;
  if (options.at_work)
    options.at_work->set(record.correlation);
  phases = std::make_shared<std::vector<job_phase>>(kind.phases(record));
  progress = 0;
  phases_stored = 0;
  run.emplace(std::move(record), rules_of(*phases), options.patience);
  log_of(kind.area).info("{} started by {}", title(), trigger);
  carry(run->begin(self->clock().now(), cut_off));
  return run->record().id;
}

/// Looks for a job that was cut off until it is known what becomes of it: the disk may be
/// full for a while.
void job_carrier_state::resume() {
  const auto failed = resume_last();
  if (failed && !resume_is_due)
    log_of(kind.area).error("{}: what was cut off is not resumed yet: {}", kind.name,
                            describe(failed));
  resume_is_due = static_cast<bool>(failed);
  if (failed)
    self->delayed_send(self, resume_again_after, look_for_cut_off{});
}

/// Goes on with the last job if a stop or a crash cut it off, unless it was to be cancelled.
error job_carrier_state::resume_last() {
  const auto running = is_running() ? run->record().id : std::string{};
  const auto closed = close_interrupted_jobs(*store, kind.name, clock->now(), running);
  if (!closed)
    return closed.error();
  if (!running.empty())
    return {};
  const auto cut_off = interrupted_in_a_row(*store, kind.name);
  if (!cut_off)
    return cut_off.error();
  if (cut_off->empty())
    return {};
  const auto& last = cut_off->front();
  const bool did_crash = !closed->empty() && closed->back().id == last.id;
  if (did_crash && kind.after_crash)
    kind.after_crash(last);
  const auto crashes = std::count_if(cut_off->begin(), cut_off->end(),
                                     [](const job_record& of) { return !of.stopped; });
  if (crashes >= most_crashes) {
    log_of(kind.area).info(
      "the last {} jobs of {} crashed; the next one is the scheduled "
      "one",
      crashes, kind.name);
    return {};
  }
  const auto begun = begin("resume", &last);
  return begun ? error{} : begun.error();
}

/// Ends the record of the running job by an orderly stop, so that it is not taken for a crash.
void job_carrier_state::stop() {
  if (!is_running())
    return;
  auto& record = run->record();
  const log_correlation lines{record.correlation};
  record.stopped = !record.cancel_requested;
  record.outcome = record.stopped ? job_outcome::interrupted : job_outcome::cancelled;
  record.finished = clock->now();
  if (auto failed = save(record))
    log_of(kind.area).warn("{}: {}", title(), describe(failed));
}

job_status job_carrier_state::status() const {
  job_status result;
  if (!run)
    return result;
  result.job = std::make_shared<const job_record>(run->record());
  result.running = is_running();
  if (!result.running)
    return result;
  result.phase = run->rule().name;
  result.progress = progress;
  if (run->waits_for())
    result.waits_for = describe(run->waits_for());
  return result;
}

/// How a job ended that is not the one at work.
expected<cancel_answer> job_carrier_state::outcome_of(const std::string& id) const {
  if (run && id == run->record().id)
    return cancel_answer{run->record().outcome};
  const auto stored = store->jobs.get(id);
  if (!stored)
    return code_of(stored.error()) == ec::not_found
             ? make_error(ec::not_found, "no job " + id)
             : stored.error();
  const auto ended = job_from_json(*stored);
  if (!ended)
    return ended.error();
  if (ended->outcome == job_outcome::running)
    return make_error(ec::unavailable, "job " + id + " is not taken up yet");
  return cancel_answer{ended->outcome};
}

expected<cancel_answer> job_carrier_state::cancel(const std::string& id) {
  if (!is_running() || id != run->record().id)
    return outcome_of(id);
  const log_correlation lines{run->record().correlation};
  auto asked = run->record();
  asked.cancel_requested = true;
  // Stored before it is promised: a crash must not resume what somebody has cancelled. Only
  // a full disk is no reason to let the job wait on.
  if (auto failed = save(asked); failed && !is_disk_full(failed))
    return failed;
  log_of(kind.area).info("{} is to be cancelled", title());
  carry(run->cancel());
  return cancel_answer{};
}

void job_carrier_state::carry(const job_action& next) {
  const log_correlation lines{run->record().correlation};
  if (run->record().phases.size() > phases_stored)
    tell_phase();
  switch (next.move) {
  case job_move::nothing:
    break;
  case job_move::step:
  case job_move::repair: // after what else is in the mailbox: questions, a cancel
    is_repair = next.move == job_move::repair;
    self->send(self, habitd::go_on{run->step()});
    break;
  case job_move::wait:
  case job_move::wait_for_space:
    wait(next);
    break;
  case job_move::set_aside:
    set_aside(next.reason);
    break;
  case job_move::end:
    end();
    break;
  }
}

void job_carrier_state::wait(const job_action& next) {
  const auto& phase = run->rule().name;
  if (next.move == job_move::wait)
    log_of(kind.area).warn("{}: {} failed, trying again: {}", title(), phase,
                           describe(next.reason));
  else if (run->waits_for_space() == 1) // the first of many
    log_of(kind.area).error("{}: {} waits for space: {}", title(), phase,
                            describe(next.reason));
  self->delayed_send(self, next.wait, habitd::go_on{run->step()});
}

void job_carrier_state::go_on(std::uint64_t step) {
  if (!is_running() || step != run->step())
    return;
  if (run->waits_for())
    return carry(run->wake(step));
  const log_correlation lines{run->record().correlation};
  const auto alive = phases; // the step may end the run
  const auto& phase = (*alive)[run->phase()];
  (is_repair ? phase.repair : phase.step)(step_report{*this, step});
}

void job_carrier_state::set_aside(const error& reason) {
  const step_report report{*this, run->step()};
  const auto alive = phases;
  const auto& phase = (*alive)[run->phase()];
  if (phase.set_aside && phase.set_aside(report, reason))
    report.more();
  else
    report.done(describe(reason));
}

/// Stores that a phase ended.
void job_carrier_state::tell_phase() {
  const auto& record = run->record();
  const auto& ended = record.phases.back();
  if (!ended.ok)
    log_of(kind.area).error("{}: {} failed: {}", title(), ended.phase, ended.problem);
  phases_stored = record.phases.size();
  progress = 0;
  if (run->has_ended())
    return; // is stored with the end
  if (auto failed = save(record))
    log_of(kind.area).error("{}: {}", title(), describe(failed));
}

void job_carrier_state::end() {
  auto& record = run->record();
  record.finished = clock->now();
  if (auto failed = save(record)) {
    end_is_stored = false;
    log_of(kind.area).error("{}: {}", title(), describe(failed));
  }
  if (options.at_work)
    options.at_work->set({});
  phases.reset();
  log_of(kind.area).info("{} ended {}{}", title(), outcome_word(record.outcome),
                         counts_text(record.counts));
  for (auto& promise : waiting)
    promise.deliver(status());
  waiting.clear();
  if (runner.pending())
    runner.deliver(job_ended{record.id, record.outcome});
}

error job_carrier_state::save(const job_record& record) const {
  fault_point("job.save");
  batch changes;
  store->jobs.put(changes, record.id, to_json(record));
  return store->db->write(std::move(changes));
}

job_carrier_state::~job_carrier_state() {
  if (!is_running())
    return;
  const auto cut_off = make_error(ec::unavailable, title() + " was cut off");
  for (auto& promise : waiting)
    promise.deliver(cut_off);
  if (runner.pending())
    runner.deliver(cut_off);
}

job_self::behavior_type job_carrier(job_self::stateful_pointer<job_carrier_state> self,
                                    job_kind kind, std::shared_ptr<home_store> store,
                                    std::shared_ptr<const wall_clock> clock,
                                    job_options options) {
  install_failure_handlers(self);
  auto& state = self->state;
  state.kind = std::move(kind);
  state.store = std::move(store);
  state.clock = std::move(clock);
  state.options = std::move(options);
  self->set_exit_handler([self, &state](caf::exit_msg& msg) {
    if (msg.reason == caf::exit_reason::user_shutdown)
      state.stop();
    if (msg.reason)
      self->quit(std::move(msg.reason));
  });
  if (state.options.resume)
    state.resume();
  return {
    [&state](const start_job& msg) { return to_result(state.begin(msg.trigger)); },
    [self, &state](const run_job& msg) -> caf::result<job_ended> {
      if (auto begun = state.begin(msg.trigger); !begun)
        return std::move(begun.error());
      if (!state.is_running()) // there was nothing left to do
        return job_ended{state.run->record().id, state.run->record().outcome};
      state.runner = self->make_response_promise<job_ended>();
      return state.runner;
    },
    [self, &state](await_job) -> caf::result<job_status> {
      if (!state.is_running())
        return state.status();
      auto promise = self->make_response_promise<job_status>();
      state.waiting.push_back(promise);
      return promise;
    },
    [&state](const cancel_job& msg) { return to_result(state.cancel(msg.id)); },
    [&state](get_job_status) { return state.status(); },
    [&state](go_on msg) { state.go_on(msg.step); },
    [&state](look_for_cut_off) { state.resume(); },
  };
}

} // namespace habitd
