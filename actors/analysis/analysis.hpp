#pragma once

#include "actors/analysis/days_to_do.hpp"
#include "actors/analysis/job_history.hpp"
#include "actors/runtime/calendar.hpp"
#include "actors/runtime/job_at_work.hpp"
#include "messages/analysis.hpp"
#include "storage/home_store.hpp"

#include <functional>
#include <map>

namespace habitd {

struct analysis_options {
  bool partial_days =
    false;                  // observe days that are not over: for files, not for a daemon
  int last_days = 0;        // observe only the last so many of the new days; 0 = all
  bool resume = false;      // go on with what a crash cut off, when the actor starts
  bool is_attended = false; // somebody waits: days that ended a job are tried as well
  int keep_raw_days = 7;    // raw events before the last sealed day; 0 = for ever
  int keep_daily_days = 90; // daily aggregates; 0 = for ever
  int keep_jobs_days = 365; // job records; the last 20 stay in any case
  std::chrono::seconds wait_for_space{0};         // in all, for a disk that is full
  std::function<std::string()> new_correlation{}; // UUIDs for jobs; none = they have none
  std::shared_ptr<job_at_work> at_work{}; // told which job runs; null = nobody asks
};

/// A detector and who runs it.
struct detector_at_work {
  detector_id id{};
  std::string name; // as patterns say it
  detector_actor worker;
};

/// Who does the work.
struct analysis_workers {
  event_log_actor events;
  std::vector<detector_at_work> detectors; // in the order in which patterns are reported
  suggestion_actor suggestions;
};

/// What became of a request to several detectors, in the order of `analysis_workers`.
template <class Reply>
struct detector_answers {
  std::vector<std::pair<const detector_at_work*, Reply>> good;
  std::vector<std::pair<const detector_at_work*, error>> failed;
};

/// What the analysis actor sends itself: try the current step again.
struct step_again {
  std::uint64_t step = 0;
};

template <class Inspector>
auto inspect(Inspector& f, step_again& x) {
  return f(caf::meta::type_name("step_again"), x.step);
}

/// No step takes longer unless its worker hangs: the largest is one day of a busy home.
constexpr std::chrono::seconds step_timeout{120};

using analysis_self = analysis_actor::extend<caf::reacts_to<step_again>>;

/// One analysis, phase by phase. Every step is stored whole before the next begins and
/// changes nothing when it is repeated, so a crash resumes at the step it cut off. A detector
/// that fails is left out, and keeps the others from nothing.
struct analysis_state {
  static constexpr const char* name = "analysis";
  explicit analysis_state(analysis_self::pointer self) : self{self} {}
  ~analysis_state(); // answers who waits for the end of the run that ends with it

  /// @param cut_off  the job that this one goes on with, if there is one.
  expected<std::string> begin(const std::string& trigger,
                              const job_record* cut_off = nullptr);
  void resume();
  void stop();
  void note_day_cut_off(const job_record& cut_off);
  analysis_status status() const;
  expected<cancel_answer> cancel(const std::string& id);
  expected<cancel_answer> outcome_of(const std::string& id) const;

  void enter(std::function<void()> step);
  void again(std::uint64_t failed_step);
  void try_again_in(std::chrono::seconds wait);
  bool is_tried_again(const error& reason);
  void step_failed(const error& reason);
  void end_phase(const std::string& problem = {});

  void read_page();
  void list_days();
  expected<days_to_do> find_days() const;
  void leave_out_suspects(days_to_do& from);
  void load_next_day();
  void observe(const home_day_ptr& day, detector_set due);
  void set_day_aside(const error& reason);
  void seal(const home_day& day, std::vector<day_observed> parts, detector_set due);

  detector_set all_detectors_at_work() const;
  template <class Reply, class Request>
  void ask_detectors(detector_set whom, Request request,
                     std::function<void(detector_answers<Reply>)> then);
  void give_up_on(const detector_at_work& detector, const error& reason);
  void run_checks();
  void conclude();
  void verify_stored_days();
  void note_unreadable(const detector_at_work& detector, const stored_verified& found);
  error keep_patterns_of(const detector_at_work& detector, std::vector<pattern>& all);
  void store_patterns(std::vector<pattern> found);
  void suggest();
  void store_suggestions(const std::vector<suggestion>& made);
  void finish();
  error prune();
  expected<local_day> drop_old_days(batch& changes, local_day last);
  error save_job();

  analysis_self::pointer self;
  analysis_workers workers;
  std::shared_ptr<home_store> store;
  std::shared_ptr<const home_calendar> calendar;
  std::shared_ptr<const wall_clock> clock;
  analysis_options options;

  bool running = false;
  job_record job;
  analysis_phase phase = analysis_phase::read;
  double progress = 0;
  std::chrono::steady_clock::time_point phase_began;
  std::uint64_t step = 0; // rises with every step, so that late replies are known as such
  std::function<void()> current_step;
  bool between_attempts = false;  // the current step waits for its next one
  int failures = 0;               // of the current step
  std::chrono::seconds waited{0}; // of this job, for a disk that was full
  bool end_is_stored = true;      // of the last job
  std::vector<local_day> days;
  std::size_t next_day = 0;
  detector_set checking;                  // those whose checks are not up to date yet
  std::map<detector_id, int> missed_days; // of this job
  detector_set left_out;                  // for the rest of this job
  bool is_verified = false;               // what is stored was looked through in this job
  std::string detector_problem;           // the first one of the phase
  pattern_list patterns;
  std::vector<caf::typed_response_promise<analysis_status>> waiting;
  caf::typed_response_promise<job_ended> runner; // who asked for this run to its end
};

analysis_self::behavior_type
analysis(analysis_self::stateful_pointer<analysis_state> self, analysis_workers workers,
         std::shared_ptr<home_store> store, std::shared_ptr<const home_calendar> calendar,
         std::shared_ptr<const wall_clock> clock, analysis_options options);

} // namespace habitd
