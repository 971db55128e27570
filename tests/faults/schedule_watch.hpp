#pragma once

#include "actors/runtime/calendar.hpp"
#include "messages/cron_expression.hpp"
#include "messages/schedule.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace habitd::faults {

/// A job of a simulated year.
struct year_job {
  std::string name{};
  std::string when{}; // as in a crontab
  std::string group{};
};

const std::vector<year_job>& year_jobs();

/// Holds the scheduler to its word: each due instant gets one run, and those that were missed
/// get one together.
class schedule_watch {
public:
  schedule_watch(std::shared_ptr<const home_calendar> calendar, wall_time begins);

  /// To be told of every record that was stored.
  void stored(const std::string& job, const schedule_record& record);

  /// To be told of every record that is read: a write that a crash cut short may have had its
  /// effect.
  void loaded(const std::string& job, const schedule_record& record) {
    jobs_.at(job).last = record;
  }

  /// The next instant at which a job is due, as the clock shows it.
  wall_time next_due(wall_time now) const;

  /// To be called when the scheduler had time to start everything that was due by `now`.
  /// @param entries  the schedule as listed.
  void check(wall_time now, const schedule_status& entries);

  /// Runs that the clock began, and how many of them are said to have failed.
  std::uint64_t runs(const std::string& job) const;
  std::uint64_t failed(const std::string& job) const;

  /// When the clock began runs of a job.
  const std::set<wall_time>& begun(const std::string& job) const;

  /// The first thing that was wrong; empty if nothing.
  const std::string& wrong() const { return wrong_; }

private:
  struct watched {
    cron_expression when;
    std::string group;
    schedule_record last; // as stored
    wall_time checked{};  // due instants up to here are
    std::set<wall_time> answered;
    std::set<wall_time> begun;
    wall_time failed_run{};
    std::uint64_t failed = 0;
  };
  void check_group(const std::string& begun);
  void blame(std::string what);

  std::shared_ptr<const home_calendar> calendar_;
  std::map<std::string, watched> jobs_;
  std::string wrong_;
};

} // namespace habitd::faults
