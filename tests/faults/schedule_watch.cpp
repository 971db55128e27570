#include "tests/faults/schedule_watch.hpp"

#include "actors/runtime/cron.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd::faults {

const std::vector<year_job>& year_jobs() {
  static const std::vector<year_job> jobs{{"analysis", "0 3 * * *", "corpus"},
                                          {"refresh", "0 3 * * 1", "corpus"},
                                          {"retention", "30 4 1 * *", ""}};
  return jobs;
}

schedule_watch::schedule_watch(std::shared_ptr<const home_calendar> calendar,
                               wall_time begins)
    : calendar_{std::move(calendar)} {
  for (const auto& job : year_jobs())
    jobs_[job.name] = {*parse_cron(job.when), job.group, {}, begins, {}, {}, {}, 0};
}

void schedule_watch::blame(std::string what) {
  if (wrong_.empty())
    wrong_ = std::move(what);
}

/// A run that a crash cut off counts as under way until the scheduler knows how it ended.
void schedule_watch::check_group(const std::string& begun) {
  const auto& group = jobs_.at(begun).group;
  for (const auto& [name, job] : jobs_)
    if (name != begun && !group.empty() && job.group == group &&
        job.last.last_outcome == job_outcome::running)
      blame(fmt::format("{} is begun while {} runs", begun, name));
}

/// A record holds the last so many answered instants; a new one stands for a run.
void schedule_watch::stored(const std::string& job, const schedule_record& record) {
  auto& known = jobs_.at(job);
  if (record.last_outcome == job_outcome::running &&
      record.last_run != known.last.last_run)
    check_group(job);
  if (record.last_trigger == "schedule")
    known.begun.insert(record.last_run);
  known.last = record;
  for (const auto due : record.answered) {
    const bool remembered = known.answered.contains(due) ||
                            (!known.answered.empty() && due < *known.answered.begin());
    if (remembered)
      continue;
    if (record.last_outcome != job_outcome::running)
      blame(fmt::format("{} due {} got its run without being started", job,
                        calendar_->format(due)));
    known.answered.insert(due);
  }
  for (const auto due : known.answered)
    if (record.answered.size() < 64 &&
        !std::binary_search(record.answered.begin(), record.answered.end(), due))
      blame(fmt::format("{} due {} is forgotten", job, calendar_->format(due)));
  if (record.last_outcome == job_outcome::failed && record.last_run != known.failed_run) {
    known.failed_run = record.last_run;
    ++known.failed;
  }
}

wall_time schedule_watch::next_due(wall_time now) const {
  auto next = wall_time::max();
  for (const auto& [name, job] : jobs_)
    if (const auto due = next_run(job.when, *calendar_, now))
      next = std::min(next, *due);
  return next;
}

void schedule_watch::check(wall_time now, const schedule_status& entries) {
  for (const auto& entry : entries.jobs) {
    auto& job = jobs_.at(entry.name);
    if (entry.running || !entry.waiting_for.empty() || now <= job.checked)
      continue;
    const auto due = last_run(job.when, *calendar_, job.checked, now);
    // One that had to wait until the next was due gets its run together with that.
    if (due && job.answered.lower_bound(*due) == job.answered.end())
      blame(fmt::format("{} due {} was not started by {}", entry.name,
                        calendar_->format(*due), calendar_->format(now)));
    job.checked = now;
  }
}

std::uint64_t schedule_watch::runs(const std::string& job) const {
  return jobs_.at(job).answered.size();
}

const std::set<wall_time>& schedule_watch::begun(const std::string& job) const {
  return jobs_.at(job).begun;
}

std::uint64_t schedule_watch::failed(const std::string& job) const {
  return jobs_.at(job).failed;
}

} // namespace habitd::faults
