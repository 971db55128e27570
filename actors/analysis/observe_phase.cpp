#include "actors/analysis/ask_detectors.hpp"
#include "actors/analysis/days_to_do.hpp"
#include "actors/analysis/seal_day.hpp"
#include "messages/log_of.hpp"
#include "messages/time_text.hpp"

#include <optional>

namespace habitd {

namespace {

/// One day may be to blame; a detector that misses another one is.
constexpr int most_missed_days = 2;

expected<days_to_do> find_days(const analysis_parts& with, detector_set detectors) {
  return find_days_to_do(
    *with.store, detectors, [&with, now = with.clock->now()](local_day day) {
      return with.options.partial_days || with.calendar->span_of(day).end <= now;
    });
}

/// Observes the days that are to be done, one after the other.
class observer {
public:
  explicit observer(const analysis_run_ptr& run) : run_{run} {}

  void step(step_report report);
  bool pass_over(step_report report, const error& reason);

private:
  void list_days(step_report report);
  void leave_out_suspects(step_report report, days_to_do& from) const;
  void observe(step_report report, const home_day_ptr& day, detector_set due);
  void note_missed(step_report report, const detector_answers<day_observed>& answers);
  void seal(step_report report, const home_day_ptr& day, detector_set due,
            std::vector<day_observed> parts);
  local_day today() const { return (*days_)[next_]; }

  analysis_run_ptr run_;
  std::optional<std::vector<local_day>> days_; // nothing until they are listed
  std::size_t next_ = 0;
  std::map<detector_id, int> missed_;
};

void observer::step(step_report report) {
  if (!days_)
    return list_days(report);
  const auto& with = run_->with;
  for (; next_ < days_->size(); ++next_) {
    const auto record = with.store->days.get(today());
    if (!record)
      return report.failed(record.error());
    const auto due =
      run_->all_detectors() & (record->dirty ? ~detector_set{} : record->missing);
    if ((due & ~run_->left_out).none())
      continue; // nobody is left for it
    report.progress(static_cast<double>(next_) / static_cast<double>(days_->size()));
    return report.ask<home_day_ptr>(
      with.workers.events, step_timeout, load_day{today()},
      [this, report, due](const home_day_ptr& day) { observe(report, day, due); });
  }
  report.done();
}

void observer::list_days(step_report report) {
  const auto& options = run_->with.options;
  auto found = find_days(run_->with, run_->all_detectors());
  if (!found)
    return report.failed(found.error());
  if (!report.record().resumes.empty() && !options.is_attended)
    leave_out_suspects(report, *found);
  auto days = std::move(found->days);
  if (const auto most = static_cast<std::size_t>(options.last_days);
      most > 0 && days.size() > most)
    days.erase(days.begin(), days.end() - options.last_days);
  days_ = std::move(days);
  report.more();
}

/// A job that goes on after a crash would only meet the same crash: the next one that is
/// begun anew tries these days again, after all others.
void observer::leave_out_suspects(step_report report, days_to_do& from) const {
  for (const auto day : from.leave_out_suspects())
    report.problem(
      fmt::format("{}: left to the next job: the last {} that observed it were cut off",
                  format_date(day), suspect_after));
}

void observer::observe(step_report report, const home_day_ptr& day, detector_set due) {
  ask_detectors<day_observed>(
    report, run_->with.workers.detectors, due & ~run_->left_out, observe_day{day},
    [this, report, day, due](detector_answers<day_observed> answers) {
      note_missed(report, answers);
      if (answers.good.empty()) {
        pass_over(report, answers.failed.front().second);
        return report.more();
      }
      std::vector<day_observed> parts;
      for (auto& [detector, part] : answers.good)
        parts.push_back(std::move(part));
      seal(report, day, due, std::move(parts));
    });
}

/// A detector that fails on more than one day is left out.
void observer::note_missed(step_report report,
                           const detector_answers<day_observed>& answers) {
  for (const auto& [detector, reason] : answers.failed) {
    report.problem(fmt::format("{}: not observed by {}: {}", format_date(today()),
                               detector->name, describe(reason)));
    if (++missed_[detector->id] < most_missed_days)
      continue;
    run_->left_out.set(index_of(detector->id));
    if (run_->left_out_because.empty())
      run_->left_out_because = detector->name + ": " + describe(reason);
    log_of(log_area::analysis)
      .error("analysis {}: goes on without {}", report.record().id, detector->name);
  }
}

void observer::seal(step_report report, const home_day_ptr& day, detector_set due,
                    std::vector<day_observed> parts) {
  if (auto failed =
        seal_day(*run_->with.store, *day, due, std::move(parts), run_->with.workers))
    return report.failed(failed);
  report.count(analysis_count::days);
  ++next_;
  report.more();
}

/// Sets the day at hand aside: it stays to be done.
bool observer::pass_over(step_report report, const error& reason) {
  if (!days_ || next_ >= days_->size())
    return false;
  report.problem(format_date(today()) + ": " + describe(reason));
  ++next_;
  return true;
}

} // namespace

job_phase observe_phase(const analysis_run_ptr& run) {
  const auto days = std::make_shared<observer>(run);
  job_phase phase;
  phase.name = "observe";
  phase.failing = on_failure::set_aside;
  phase.step = [days](step_report report) { days->step(report); };
  phase.set_aside = [days](step_report report, const error& reason) {
    return days->pass_over(report, reason);
  };
  return phase;
}

void note_day_cut_off(const analysis_parts& with, const job_record& cut_off) {
  if (cut_off.phases.size() != 1) // it had read, and was observing
    return;
  analysis_run run;
  run.with = with;
  auto was_at = find_days(with, run.all_detectors());
  if (was_at && !cut_off.resumes.empty() && !with.options.is_attended)
    was_at->leave_out_suspects();
  auto failed = was_at ? error{} : was_at.error();
  if (was_at && !was_at->days.empty())
    failed = note_cut_off(*with.store, was_at->days.front());
  if (failed)
    log_of(log_area::analysis)
      .warn("analysis {}: the day it was at is not noted: {}", cut_off.id,
            describe(failed));
}

} // namespace habitd
