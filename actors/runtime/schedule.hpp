#pragma once

#include "actors/runtime/calendar.hpp"
#include "messages/cron_expression.hpp"
#include "messages/schedule.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace habitd {

/// A job and when it is to run.
struct scheduled_job {
  std::string name;
  cron_expression when;
  std::string group; // jobs of one group never run at the same time; empty: alone in it

  /// A run later than this was missed: made up for once, or left out until the next.
  std::chrono::milliseconds misfire_grace = std::chrono::hours{1};
  bool makes_up = true;

  /// Runs are this much later at most, by an amount that differs between homes, so that not
  /// all of them call the same host at once.
  std::chrono::milliseconds max_jitter{0};
};

/// A run that is due.
struct due_run {
  std::size_t job = 0;
  wall_time due{}; // the instant it answers, without the jitter; zero: a run over again
  bool missed = false; // by more than the grace
};

/// How much later a job runs in this home, 0 … `most`: always the same.
/// @param install_id  random, made once for a home.
std::chrono::milliseconds jitter_of(std::string_view install_id, std::string_view job,
                                    std::chrono::milliseconds most);

/// Which jobs are to be started, given what was started before. Any number of missed runs
/// makes one. Holds jobs by number, in the order in which they were added.
class schedule {
public:
  schedule(std::shared_ptr<const home_calendar> calendar, std::string install_id)
      : calendar_{std::move(calendar)}, install_id_{std::move(install_id)} {}

  void add(scheduled_job job, schedule_record stored);

  std::size_t size() const { return jobs_.size(); }
  const scheduled_job& job(std::size_t number) const { return jobs_[number].what; }
  const schedule_record& record(std::size_t number) const { return jobs_[number].record; }
  std::optional<std::size_t> find(std::string_view name) const;

  /// Brings records in line with the clock, before `due_at`: a job's first look, a clock that
  /// was set back, and missed runs that are not made up for.
  /// @returns  the jobs whose record changed, to be stored.
  std::vector<std::size_t> settle(wall_time now);

  /// What to start now, the longest due first: at most one run of each job, none of a job
  /// that runs, and one of each group.
  std::vector<due_run> due_at(wall_time now) const;

  /// The record of a run that begins now; to be stored before `begin` and before the start.
  schedule_record begun(const due_run& run, wall_time now, std::string trigger) const;
  void begin(std::size_t job, schedule_record record);

  /// Ends a run. With `again`, it counts as not begun: it is due at the next look.
  void end(std::size_t job, job_outcome outcome);
  void again(std::size_t job);

  /// The job that keeps this one from running, itself included, if there is one.
  std::optional<std::size_t> held_up_by(std::size_t job) const;

  schedule_entry entry(std::size_t job, wall_time now) const;

private:
  enum class state : std::uint8_t { idle, running, again };
  struct entry_of_job {
    scheduled_job what;
    schedule_record record;
    std::chrono::milliseconds jitter{};
    state is = state::idle;
  };

  std::optional<due_run> due_run_of(std::size_t number, wall_time now) const;
  std::optional<wall_time> next_of(const entry_of_job& job) const;

  std::shared_ptr<const home_calendar> calendar_;
  std::string install_id_;
  std::vector<entry_of_job> jobs_;
};

} // namespace habitd
