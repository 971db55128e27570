#pragma once

#include "messages/error.hpp"
#include "messages/job.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace habitd {

/// What the failure of a step means, once trying again is of no use.
enum class on_failure : std::uint8_t {
  end_phase, // the phase ends with a problem, and the next one begins
  set_aside, // the item at hand is passed over; without one, the phase ends
  fail_job,  // nothing after it makes sense
};

/// What is known of a phase to decide how a job goes on.
struct phase_rule {
  std::string name; // in records, answers and log lines
  on_failure failing = on_failure::end_phase;
  bool can_repair = false; // damaged data can be looked for, and the step tried again
  bool is_kept = false;    // done once, it is done for a job that resumes this one
};

/// How patient a job is.
struct job_patience {
  int attempts = 3;                       // of a step, where another one may help
  std::chrono::seconds retry_after{1};    // a supervisor needs 0.4 s for a first restart
  std::chrono::seconds wait_for_space{0}; // in all, for a disk that is full
  std::chrono::seconds space_wanted_every{30};
};

/// What is to be done next.
enum class job_move : std::uint8_t {
  nothing,        // a report came too late
  step,           // take a step of the current phase
  wait,           // wake the run after `wait`: another attempt may help
  wait_for_space, // the same, for a disk that is full
  repair,         // let the current phase repair what is stored
  set_aside, // let the current phase pass over its item, then report `more` or `done`
  end,       // the outcome is in the record
};
struct job_action {
  job_move move = job_move::nothing;
  std::chrono::seconds wait{0};
  error reason{}; // of a wait, a repair or a set aside
};

/// How one job goes: phase by phase, each in steps, each step in attempts. It decides, and
/// leaves doing to its carrier. Every step has a number; a report with another one is late and
/// changes nothing.
class job_run {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// @param begun   its record; counts, notes and problems may be added to it at any time.
  /// @param phases  at least one.
  job_run(job_record begun, std::vector<phase_rule> phases, job_patience patience);

  /// @param cut_off  what this job goes on with, or null: phases that are kept and were done
  ///                 there are not done again.
  job_action begin(time_point now, const job_record* cut_off = nullptr);

  job_action more(std::uint64_t step);

  /// @param problem  of a phase that did what it could; empty if it went well.
  job_action done(std::uint64_t step, time_point now, const std::string& problem = {});
  job_action failed(std::uint64_t step, time_point now, const error& reason);

  /// Nothing if no other attempt is made: what else a step got may be used then.
  /// @param reasons  all that went wrong in the step; one that may pass is enough.
  std::optional<job_action> tried_again(std::uint64_t step,
                                        std::span<const error> reasons);

  /// The wait is over.
  job_action wake(std::uint64_t step);

  /// From now on the run ends at its next safe step, at once if it waits.
  job_action cancel();

  void note_problem(const std::string& problem);

  job_record& record() { return record_; }
  const job_record& record() const { return record_; }
  bool has_ended() const { return has_ended_; }
  std::uint64_t step() const { return step_; }
  std::size_t phase() const { return phase_; }
  const phase_rule& rule() const { return phases_[phase_]; }
  const error& waits_for() const { return waits_for_; }    // no error: it does not wait
  int waits_for_space() const { return waits_for_space_; } // so far

private:
  bool is_late(std::uint64_t step) const { return has_ended_ || step != step_; }
  job_action next_step();
  job_action next_attempt();
  job_action wait(job_move how, std::chrono::seconds time, const error& reason);
  void end_phase_as(time_point now, const std::string& problem);
  job_action end_phase(time_point now, const std::string& problem);
  job_action end(job_outcome outcome);
  job_outcome outcome_of_phases() const;

  job_record record_;
  std::vector<phase_rule> phases_;
  job_patience patience_;
  std::size_t phase_ = 0;
  time_point phase_began_{};
  std::uint64_t step_ = 0;         // rises with every report that counts
  int failures_ = 0;               // of the step
  std::chrono::seconds waited_{0}; // for space
  int waits_for_space_ = 0;
  bool is_repairing_ = false;
  bool is_repaired_ = false; // once in a job
  bool has_ended_ = false;
  error waits_for_;
};

} // namespace habitd
