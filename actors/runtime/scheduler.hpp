#pragma once

#include "actors/runtime/clock_doubt.hpp"
#include "actors/runtime/schedule.hpp"
#include "messages/schedule.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace habitd {

/// What the scheduler works with.
struct scheduler_parts {
  struct slot {
    scheduled_job what;
    job_actor who;
  };

  std::vector<slot> jobs;
  std::shared_ptr<const home_calendar> calendar;
  std::shared_ptr<const wall_clock> clock;
  clock_check doubt;
  std::string install_id;

  /// Where records are kept; `save` returns when they are on disk.
  std::function<expected<schedule_record>(const std::string& job)> load;
  std::function<error(const std::string& job, const schedule_record& record)> save;

  /// How the last run of a job stands that was begun at `since` or later; nothing if there
  /// was none, so it was cut off before it began.
  std::function<expected<std::optional<job_outcome>>(const std::string& job,
                                                     wall_time since)>
    find_run;
};

/// What the scheduler sends itself.
struct look_at_clock {};

template <class Inspector>
auto inspect(Inspector& f, look_at_clock&) {
  return f(caf::meta::type_name("look_at_clock"));
}

using scheduler_self = scheduler_actor::extend<caf::reacts_to<look_at_clock>>;

/// Starts jobs when they are due. It writes down that a run begins before it begins, so that
/// a crash at any moment neither loses nor repeats one; a run that was cut off is left to
/// those who resume interrupted jobs.
struct scheduler_state {
  static constexpr const char* name = "scheduler";
  explicit scheduler_state(scheduler_self::pointer self) : self{self} {}

  error open(scheduler_parts parts);
  void look();
  void settle(wall_time now);
  void ask_after_cut_off_runs();
  error start(const due_run& run, std::string trigger);
  void ended(std::size_t job, job_outcome outcome);
  void not_run(std::size_t job, const error& reason);
  expected<schedule_entry> trigger(const trigger_job& msg);
  schedule_status list() const;
  error save(std::size_t job, const schedule_record& record) const;

  scheduler_self::pointer self;
  scheduler_parts with;
  std::unique_ptr<schedule> plan;
  std::vector<bool> cut_off; // by number: runs whose end nobody will tell
  std::vector<int> attempts; // by number: of the run that is under way
  std::string doubt;
};

/// Looks at the wall clock twice a minute, so a clock that is set does no harm.
scheduler_self::behavior_type
scheduler(scheduler_self::stateful_pointer<scheduler_state> self, scheduler_parts parts);

} // namespace habitd
