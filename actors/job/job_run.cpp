#include "actors/job/job_run.hpp"

#include "storage/database.hpp"

#include <algorithm>

namespace habitd {

namespace {

/// Trying again helps against a worker that is restarting or a disk that is full, not
/// against a file of the wrong kind.
bool may_pass(const error& reason) {
  const auto code = code_of(reason);
  return code == ec::unavailable || code == ec::unexpected;
}

bool is_damage(const error& reason) {
  return code_of(reason) == ec::corrupt_data;
}

} // namespace

job_run::job_run(job_record begun, std::vector<phase_rule> phases, job_patience patience)
    : record_{std::move(begun)}, phases_{std::move(phases)}, patience_{patience} {}

job_action job_run::begin(time_point now, const job_record* cut_off) {
  phase_began_ = now;
  for (const auto& phase : phases_) {
    if (!cut_off || !phase.is_kept)
      break;
    const auto done =
      std::find_if(cut_off->phases.begin(), cut_off->phases.end(),
                   [&phase](const phase_result& was) { return was.phase == phase.name; });
    if (done == cut_off->phases.end() || !done->ok)
      break;
    record_.phases.push_back(*done);
    ++phase_;
  }
  return phase_ < phases_.size() ? next_step() : end(outcome_of_phases());
}

job_action job_run::next_step() {
  failures_ = 0;
  return next_attempt();
}

/// Where a run that was cancelled ends.
job_action job_run::next_attempt() {
  ++step_;
  is_repairing_ = false;
  if (record_.cancel_requested)
    return end(job_outcome::cancelled);
  return {job_move::step, {}, {}};
}

job_action job_run::more(std::uint64_t step) {
  if (is_late(step))
    return {};
  if (!is_repairing_)
    return next_step();
  if (record_.cancel_requested)
    return next_attempt();
  ++step_;
  return {job_move::repair, {}, {}};
}

job_action job_run::done(std::uint64_t step, time_point now, const std::string& problem) {
  if (is_late(step))
    return {};
  if (is_repairing_) // the step that met the damage is done over
    return next_attempt();
  return end_phase(now, problem);
}

void job_run::end_phase_as(time_point now, const std::string& problem) {
  record_.phases.push_back({rule().name, problem.empty(), problem,
                            (now - phase_began_) / std::chrono::milliseconds{1}});
  phase_began_ = now;
  if (!problem.empty())
    note_problem(rule().name + ": " + problem);
}

job_action job_run::end_phase(time_point now, const std::string& problem) {
  end_phase_as(now, problem);
  if (phase_ + 1 == phases_.size())
    return end(outcome_of_phases());
  ++phase_;
  return next_step();
}

job_action job_run::failed(std::uint64_t step, time_point now, const error& reason) {
  if (is_late(step))
    return {};
  if (auto again = tried_again(step, {&reason, 1}))
    return *again;
  is_repairing_ = false;
  switch (rule().failing) {
  case on_failure::set_aside:
    return {job_move::set_aside, {}, reason};
  case on_failure::fail_job:
    end_phase_as(now, describe(reason));
    return end(job_outcome::failed);
  case on_failure::end_phase:
    break;
  }
  return end_phase(now, describe(reason));
}

std::optional<job_action> job_run::tried_again(std::uint64_t step,
                                               std::span<const error> reasons) {
  if (is_late(step))
    return job_action{};
  if (record_.cancel_requested)
    return end(job_outcome::cancelled);
  const auto find = [reasons](auto speaks_for) {
    const auto found = std::find_if(reasons.begin(), reasons.end(), speaks_for);
    return found == reasons.end() ? nullptr : &*found;
  };
  if (const auto* full = find(is_disk_full); full && waited_ < patience_.wait_for_space) {
    waited_ += patience_.space_wanted_every;
    ++waits_for_space_;
    return wait(job_move::wait_for_space, patience_.space_wanted_every, *full);
  }
  if (const auto* damage = find(is_damage);
      damage && rule().can_repair && !is_repaired_) {
    is_repaired_ = is_repairing_ = true;
    ++step_;
    return job_action{job_move::repair, {}, *damage};
  }
  if (const auto* passing = find(may_pass); passing && ++failures_ < patience_.attempts)
    return wait(job_move::wait, patience_.retry_after, *passing);
  return std::nullopt;
}

job_action job_run::wait(job_move how, std::chrono::seconds time, const error& reason) {
  ++step_; // whatever else this attempt still gets is late
  waits_for_ = reason;
  return {how, time, reason};
}

job_action job_run::wake(std::uint64_t step) {
  if (is_late(step) || !waits_for_)
    return {};
  ++step_;
  waits_for_ = {};
  return {is_repairing_ ? job_move::repair : job_move::step, {}, {}};
}

job_action job_run::cancel() {
  record_.cancel_requested = true;
  if (has_ended_ || !waits_for_)
    return {};
  ++step_; // its wake comes too late now
  return end(job_outcome::cancelled);
}

void job_run::note_problem(const std::string& problem) {
  if (record_.problem.empty())
    record_.problem = problem;
}

job_action job_run::end(job_outcome outcome) {
  has_ended_ = true;
  waits_for_ = {};
  record_.outcome = outcome;
  return {job_move::end, {}, {}};
}

job_outcome job_run::outcome_of_phases() const {
  const bool any_good = std::any_of(record_.phases.begin(), record_.phases.end(),
                                    [](const phase_result& phase) { return phase.ok; });
  if (!any_good)
    return job_outcome::failed;
  return record_.problem.empty() ? job_outcome::ok : job_outcome::partial;
}

} // namespace habitd
