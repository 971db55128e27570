#pragma once

#include "actors/job/job_run.hpp"
#include "messages/job_control.hpp"
#include "messages/log_area.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace habitd {

/// What the carrier sends itself: go on with the run.
struct go_on {
  std::uint64_t step = 0;
};

/// What the carrier sends itself: look for a job that was cut off.
struct look_for_cut_off {};

template <class Inspector>
auto inspect(Inspector& f, go_on& x) {
  return f(caf::meta::type_name("go_on"), x.step);
}
template <class Inspector>
auto inspect(Inspector& f, look_for_cut_off&) {
  return f(caf::meta::type_name("look_for_cut_off"));
}

/// The actor that a step makes its requests with.
using job_self =
  job_carrier_actor::extend<caf::reacts_to<go_on>, caf::reacts_to<look_for_cut_off>>;

struct job_carrier_state;

/// Through which a step tells how it went: `more`, `done` or `failed`, once, now or from the
/// handler of an answer. It is copied into such handlers. What comes after that, or after
/// somebody else ended the step, changes nothing; so does everything from an earlier attempt.
class step_report {
public:
  step_report(job_carrier_state& to, std::uint64_t step) : to_{&to}, step_{step} {}

  /// The phase has another step, which is taken next.
  void more() const;

  /// The phase is over.
  /// @param problem  of one that did what it could; empty if it went well.
  void done(const std::string& problem = {}) const;

  /// The step is tried again if that may help, else it is as its phase says.
  void failed(const error& reason) const;

  /// For a step that can go on without what failed: true if it is tried again all the same,
  /// since one of `reasons` may pass. This attempt has nothing to report then.
  bool tries_again(std::span<const error> reasons) const;

  void progress(double share) const; // 0 … 1 of the phase
  void count(std::string_view name, std::uint64_t more = 1) const;
  void set_count(std::string_view name, std::uint64_t to) const;

  /// Lists what was left out, "home.csv:17: no time"; only the first few are kept.
  void note(const std::string& left_out) const;

  /// Logs a problem; the first one of a job is in its record, and the job is not *ok*.
  void problem(const std::string& text) const;

  /// Stores, before it returns, what a job that goes on with this one will find in its record.
  error bookmark(const std::string& text) const;

  /// False if reports of this step are ignored from now on.
  bool is_current() const;
  const job_record& record() const;
  job_self::pointer self() const;

  /// Asks an actor. `then` gets its reply, unless that is late; an error fails the step.
  template <class Reply, class Handle, class Message, class Then>
  void ask(const Handle& whom, std::chrono::seconds patience, Message message,
           Then then) const {
    self()
      ->request(whom, patience, std::move(message))
      .then(
        [report = *this, then = std::move(then)](Reply& reply) {
          if (report.is_current())
            then(reply);
        },
        [report = *this](const error& reason) { report.failed(reason); });
  }

private:
  job_carrier_state* to_;
  std::uint64_t step_;
};

/// Begins one step: as much as one handler may do, or a request to who does it. It is stored
/// whole before it reports, and changes nothing when it is repeated.
using job_step = std::function<void(step_report)>;

/// A part of a job that has a result of its own.
struct job_phase {
  std::string name; // "crawl": in records, answers and log lines
  job_step step;    // taken until it reports `done`
  on_failure failing = on_failure::end_phase;

  /// With `on_failure::set_aside`: passes over the item that failed; false without one.
  std::function<bool(step_report, const error&)> set_aside{};

  /// Once in a job, before a failure for `ec::corrupt_data` counts: repairs what is stored,
  /// in steps as well, and then the step is done over.
  job_step repair{};

  bool is_kept = false; // done once, it is done for a job that resumes this one
};

/// A sort of job.
struct job_kind {
  std::string name;  // of its records, and in the schedule
  std::string group; // jobs of one group never run at the same time; empty: alone in it

  /// The phases of one run, in order; what they share lives as long as they do.
  /// @param begun  the record of the run.
  std::function<std::vector<job_phase>(const job_record& begun)> phases;

  /// Looks at a job that a crash cut off just now, before it is resumed.
  std::function<void(const job_record& cut_off)> after_crash{};

  std::vector<std::string> counts{}; // in its records from the start, as zero
  log_area area = log_area::analysis;
};

} // namespace habitd
