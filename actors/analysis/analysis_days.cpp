// How an analysis has its days observed.

#include "actors/analysis/analysis.hpp"

#include "messages/log_correlation.hpp"
#include "messages/log_of.hpp"
#include "messages/time_text.hpp"

namespace habitd {

expected<days_to_do> analysis_state::find_days() const {
  return find_days_to_do(
    *store, all_detectors_at_work(), [this, now = clock->now()](local_day day) {
      return options.partial_days || calendar->span_of(day).end <= now;
    });
}

void analysis_state::list_days() {
  auto found = find_days();
  if (!found)
    return step_failed(found.error());
  if (!job.resumes.empty() && !options.is_attended)
    leave_out_suspects(*found);
  days = std::move(found->days);
  if (const auto most = static_cast<std::size_t>(options.last_days);
      most > 0 && days.size() > most)
    days.erase(days.begin(), days.end() - options.last_days);
  next_day = 0;
  enter([this] { load_next_day(); });
}

/// A job that goes on after a crash would only meet the same crash: the next one that is
/// begun anew tries these days again, after all others.
void analysis_state::leave_out_suspects(days_to_do& from) {
  const log_correlation lines{job.correlation};
  for (const auto day : from.leave_out_suspects()) {
    const auto problem = fmt::format("{}: left to the next job: the last {} that "
                                     "observed it were cut off",
                                     format_date(day), suspect_after);
    log_of(log_area::analysis).error("analysis {}: {}", job.id, problem);
    if (job.problem.empty())
      job.problem = problem;
  }
}

/// Stores which day was at work when a job was cut off, if one was.
void analysis_state::note_day_cut_off(const job_record& cut_off) {
  constexpr auto observing = static_cast<std::size_t>(analysis_phase::observe);
  if (cut_off.phases.size() != observing)
    return;
  auto was_at = find_days();
  if (was_at && !cut_off.resumes.empty() && !options.is_attended)
    was_at->leave_out_suspects();
  auto failed = was_at ? error{} : was_at.error();
  if (was_at && !was_at->days.empty())
    failed = note_cut_off(*store, was_at->days.front());
  if (failed)
    log_of(log_area::analysis)
      .warn("analysis {}: the day it was at is not noted: {}", cut_off.id,
            describe(failed));
}

void analysis_state::load_next_day() {
  for (; next_day < days.size(); ++next_day) {
    const auto record = store->days.get(days[next_day]);
    if (!record)
      return step_failed(record.error());
    const auto due =
      all_detectors_at_work() & (record->dirty ? ~detector_set{} : record->missing);
    if ((due & ~left_out).none())
      continue; // nobody is left for it
    progress = static_cast<double>(next_day) / static_cast<double>(days.size());
    self->request(workers.events, step_timeout, load_day{days[next_day]})
      .then(
        [this, mine = step, due](const home_day_ptr& day) {
          if (mine == step)
            observe(day, due);
        },
        [this, mine = step](const error& reason) {
          if (mine == step)
            step_failed(reason);
        });
    return;
  }
  end_phase();
}

void analysis_state::set_day_aside(const error& reason) {
  const log_correlation lines{job.correlation};
  const auto problem = format_date(days[next_day]) + ": " + describe(reason);
  log_of(log_area::analysis)
    .error("analysis {}: day set aside, it stays to be done: {}", job.id, problem);
  if (job.problem.empty())
    job.problem = problem;
  ++next_day;
  enter([this] { load_next_day(); });
}

} // namespace habitd
