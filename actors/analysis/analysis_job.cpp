// How a job begins and ends, whatever it does in between.

#include "actors/analysis/analysis.hpp"

#include "messages/log_correlation.hpp"
#include "messages/log_of.hpp"
#include "storage/job_ids.hpp"
#include "storage/records.hpp"

#include <algorithm>

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr std::ptrdiff_t most_crashes = 3; // in a row; then only the schedule tries

} // namespace

expected<std::string> analysis_state::begin(const std::string& trigger,
                                            const job_record* cut_off) {
  if (running)
    return make_error(ec::busy, "analysis " + job.id + " is running");
  if (!end_is_stored) // the disk was full when the last job ended
    if (auto failed = save_job())
      return failed;
  end_is_stored = true;
  const auto now = clock->now();
  auto id = next_job_id(*store->db, now);
  if (!id)
    return std::move(id.error());
  waited = {};
  missed_days.clear();
  left_out.reset();
  is_verified = false;
  detector_problem.clear();
  job = {};
  job.started = now;
  job.id = std::move(*id);
  job.trigger = trigger;
  if (cut_off) {
    job.resumes = cut_off->id;
    job.correlation = cut_off->correlation;
  }
  if (job.correlation.empty() && options.new_correlation)
    job.correlation = options.new_correlation();
  const log_correlation lines{job.correlation};
  if (auto failed = save_job())
    return failed;
  running = true;
  if (options.at_work)
    options.at_work->set(job.correlation);
  phase = analysis_phase::read;
  progress = 0;
  phase_began = self->clock().now();
  log_of(log_area::analysis).info("analysis {} started by {}", job.id, trigger);
  enter([this] { read_page(); });
  return job.id;
}

/// Goes on with the last job if a stop or a crash cut it off, unless it was to be cancelled.
void analysis_state::resume() {
  const auto closed = close_interrupted_jobs(*store, clock->now());
  const auto cut_off = closed ? interrupted_in_a_row(*store) : closed.error();
  if (!cut_off)
    return log_of(log_area::analysis)
      .error("interrupted analysis not resumed: {}", describe(cut_off.error()));
  if (cut_off->empty())
    return;
  const auto& last = cut_off->front();
  if (!closed->empty() && closed->back().id == last.id) // the process did not just stop
    note_day_cut_off(last);
  const auto crashes = std::count_if(cut_off->begin(), cut_off->end(),
                                     [](const job_record& of) { return !of.stopped; });
  if (crashes >= most_crashes)
    return log_of(log_area::analysis)
      .info("the last {} analyses crashed; the next one is the scheduled one", crashes);
  if (const auto job = begin("resume", &last); !job)
    log_of(log_area::analysis)
      .error("interrupted analysis not resumed: {}", describe(job.error()));
}

/// Ends the record of the running job by an orderly stop, so that it is not taken for a crash.
void analysis_state::stop() {
  if (!running)
    return;
  const log_correlation lines{job.correlation};
  job.stopped = !job.cancel_requested;
  job.outcome = job.stopped ? job_outcome::interrupted : job_outcome::cancelled;
  job.finished = clock->now();
  if (auto failed = save_job())
    log_of(log_area::analysis).warn("analysis {}: {}", job.id, describe(failed));
}

analysis_status analysis_state::status() const {
  analysis_status result{running, phase, progress, nullptr};
  if (!job.id.empty())
    result.job = std::make_shared<const job_record>(job);
  return result;
}

/// How a job ended that is not the one at work.
expected<cancel_answer> analysis_state::outcome_of(const std::string& id) const {
  if (id == job.id)
    return cancel_answer{job.outcome};
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

expected<cancel_answer> analysis_state::cancel(const std::string& id) {
  if (!running || id != job.id)
    return outcome_of(id);
  const log_correlation lines{job.correlation};
  job.cancel_requested = true;
  // Stored before it is promised: a crash must not resume what somebody has cancelled. Only
  // a full disk is no reason to let the job wait on.
  if (auto failed = save_job(); failed && !is_disk_full(failed)) {
    job.cancel_requested = false;
    return failed;
  }
  log_of(log_area::analysis).info("analysis {} is to be cancelled", job.id);
  if (between_attempts) {
    ++step; // its timer comes too late now
    finish();
  }
  return cancel_answer{};
}

void analysis_state::finish() {
  const log_correlation lines{job.correlation};
  between_attempts = false;
  const bool cut_short = job.phases.size() < analysis_phases; // it was cancelled
  const auto good = std::count_if(job.phases.begin(), job.phases.end(),
                                  [](const phase_result& phase) { return phase.ok; });
  job.outcome = cut_short             ? job_outcome::cancelled
                : good == 0           ? job_outcome::failed
                : job.problem.empty() ? job_outcome::ok
                                      : job_outcome::partial;
  job.finished = clock->now();
  if (auto failed = save_job()) {
    end_is_stored = false;
    log_of(log_area::analysis).error("analysis {}: {}", job.id, describe(failed));
  }
  running = false;
  if (options.at_work)
    options.at_work->set({});
  patterns.reset();
  current_step = nullptr;
  log_of(log_area::analysis)
    .info("analysis {} ended {}: {} rows, {} days, {} patterns, {} suggestions", job.id,
          outcome_word(job.outcome), job.rows.stored, job.days_observed, job.patterns,
          job.suggestions);
  for (auto& promise : waiting)
    promise.deliver(status());
  waiting.clear();
  if (runner.pending())
    runner.deliver(job_ended{job.id, job.outcome});
}

analysis_state::~analysis_state() {
  if (runner.pending())
    runner.deliver(make_error(ec::unavailable, "analysis " + job.id + " was cut off"));
}

} // namespace habitd
