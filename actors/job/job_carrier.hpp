#pragma once

#include "actors/job/job_kind.hpp"
#include "actors/runtime/job_at_work.hpp"
#include "storage/home_store.hpp"

#include <memory>
#include <optional>

namespace habitd {

/// How the jobs of a kind are carried.
struct job_options {
  bool resume = false; // go on with what a crash cut off, when the actor starts
  job_patience patience{};
  std::function<std::string()> new_correlation{}; // UUIDs for jobs; none = they have none
  std::shared_ptr<job_at_work> at_work{}; // told which job runs; null = nobody asks
};

/// Carries out what `job_run` decides: takes the steps, keeps the record, answers who waits,
/// and goes on with a job that was cut off. Knows no kind of job.
struct job_carrier_state {
  static constexpr const char* name = "job";
  explicit job_carrier_state(job_self::pointer self) : self{self} {}
  ~job_carrier_state(); // answers who waits for the end of the run that ends with it

  /// @param cut_off  the job that this one goes on with, if there is one.
  expected<std::string> begin(const std::string& trigger,
                              const job_record* cut_off = nullptr);
  void resume();
  error resume_last();
  void stop();
  job_status status() const;
  expected<cancel_answer> cancel(const std::string& id);
  expected<cancel_answer> outcome_of(const std::string& id) const;

  void carry(const job_action& next);
  void go_on(std::uint64_t step);
  void wait(const job_action& next);
  void set_aside(const error& reason);
  void end();
  void tell_phase();
  error save(const job_record& record) const;
  bool is_running() const { return run && !run->has_ended(); }
  std::string title() const; // "analysis 20261122T030000123"

  job_self::pointer self;
  job_kind kind;
  std::shared_ptr<home_store> store;
  std::shared_ptr<const wall_clock> clock;
  job_options options;
  std::optional<job_run> run;                     // the last one, once it has ended
  std::shared_ptr<std::vector<job_phase>> phases; // shared with the step that is taken
  double progress = 0;
  std::size_t phases_stored = 0; // of the record
  bool is_repair = false;        // what the next step is
  bool end_is_stored = true;     // of the last job
  bool resume_is_due = false;    // a job that was cut off is not looked for yet
  std::vector<caf::typed_response_promise<job_status>> waiting;
  caf::typed_response_promise<job_ended> runner; // who asked for this run to its end
};

/// @param clock  of records; steps are timed by the actor's own.
job_self::behavior_type job_carrier(job_self::stateful_pointer<job_carrier_state> self,
                                    job_kind kind, std::shared_ptr<home_store> store,
                                    std::shared_ptr<const wall_clock> clock,
                                    job_options options);

} // namespace habitd
