#include "actors/runtime/schedule.hpp"

#include "actors/runtime/cron.hpp"

#include <algorithm>

namespace habitd {

namespace {

/// Due instants that are remembered as answered, for a clock that is set back: two months of
/// a daily job.
constexpr std::size_t most_answered = 64;

} // namespace

std::chrono::milliseconds jitter_of(std::string_view install_id, std::string_view job,
                                    std::chrono::milliseconds most) {
  // FNV-1a, the same on every platform, with the mixing step of MurmurHash3 at the end: ids
  // that differ in the last digit alone must not be close together.
  std::uint64_t hash = 14'695'981'039'346'656'037U;
  for (const auto text : {install_id, std::string_view{"/"}, job})
    for (const char c : text)
      hash = (hash ^ static_cast<std::uint8_t>(c)) * 1'099'511'628'211U;
  hash = (hash ^ (hash >> 33)) * 0xff51'afd7'ed55'8ccdU;
  hash ^= hash >> 33;
  return std::chrono::milliseconds{hash % static_cast<std::uint64_t>(most.count() + 1)};
}

void schedule::add(scheduled_job job, schedule_record stored) {
  const auto jitter = jitter_of(install_id_, job.name, job.max_jitter);
  // A run whose end is unknown holds its place until somebody says what became of it.
  const bool in_flight =
    stored.last_run != wall_time{} && stored.last_outcome == job_outcome::running;
  jobs_.push_back({std::move(job), std::move(stored), jitter,
                   in_flight ? state::running : state::idle});
}

std::optional<std::size_t> schedule::find(std::string_view name) const {
  for (std::size_t i = 0; i < jobs_.size(); ++i)
    if (jobs_[i].what.name == name)
      return i;
  return std::nullopt;
}

/// The next due instant that no run has answered.
std::optional<wall_time> schedule::next_of(const entry_of_job& job) const {
  const auto& answered = job.record.answered;
  auto next = next_run(job.what.when, *calendar_, job.record.handled);
  while (next && std::binary_search(answered.begin(), answered.end(), *next))
    next = next_run(job.what.when, *calendar_, *next);
  return next;
}

std::vector<std::size_t> schedule::settle(wall_time now) {
  std::vector<std::size_t> changed;
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    auto& job = jobs_[i];
    const auto reached = now - job.jitter;
    const bool first_look = job.record.handled == wall_time{};
    const bool set_back = reached < job.record.handled;
    const auto run = due_run_of(i, now);
    const bool left_out = run && run->missed && !job.what.makes_up;
    if (!first_look && !set_back && !left_out)
      continue;
    job.record.handled = reached;
    changed.push_back(i);
  }
  return changed;
}

std::optional<due_run> schedule::due_run_of(std::size_t number, wall_time now) const {
  const auto& job = jobs_[number];
  const auto reached = now - job.jitter;
  if (job.is == state::running)
    return std::nullopt;
  if (job.is == state::again)
    return due_run{number, {}, false};
  if (job.record.handled == wall_time{})
    return std::nullopt;
  const auto next = next_of(job);
  if (!next || *next > reached)
    return std::nullopt;
  // All that came due since make one run, which answers the last of them.
  const auto last = last_run(job.what.when, *calendar_, job.record.handled, reached);
  const auto due = std::max(*next, last.value_or(*next));
  return due_run{number, due, reached - due > job.what.misfire_grace};
}

std::vector<due_run> schedule::due_at(wall_time now) const {
  std::vector<due_run> due;
  for (std::size_t i = 0; i < jobs_.size(); ++i)
    if (!held_up_by(i))
      if (const auto run = due_run_of(i, now))
        due.push_back(*run);
  std::stable_sort(due.begin(), due.end(),
                   [](const due_run& a, const due_run& b) { return a.due < b.due; });
  std::vector<due_run> started;
  for (const auto& run : due) {
    const auto& group = jobs_[run.job].what.group;
    const bool taken =
      std::any_of(started.begin(), started.end(), [&](const due_run& other) {
        return !group.empty() && jobs_[other.job].what.group == group;
      });
    if (!taken)
      started.push_back(run);
  }
  return started;
}

schedule_record schedule::begun(const due_run& run, wall_time now,
                                std::string trigger) const {
  auto record = jobs_[run.job].record;
  record.last_run = now;
  record.last_trigger = std::move(trigger);
  record.last_outcome = job_outcome::running;
  if (run.due == wall_time{})
    return record;
  record.handled = std::max(record.handled, now - jobs_[run.job].jitter);
  auto& answered = record.answered;
  answered.insert(std::upper_bound(answered.begin(), answered.end(), run.due), run.due);
  if (answered.size() > most_answered)
    answered.erase(answered.begin());
  return record;
}

void schedule::begin(std::size_t job, schedule_record record) {
  jobs_[job].record = std::move(record);
  jobs_[job].is = state::running;
}

void schedule::end(std::size_t job, job_outcome outcome) {
  jobs_[job].record.last_outcome = outcome;
  jobs_[job].is = state::idle;
}

void schedule::again(std::size_t job) {
  jobs_[job].is = state::again;
}

std::optional<std::size_t> schedule::held_up_by(std::size_t number) const {
  const auto& group = jobs_[number].what.group;
  for (std::size_t i = 0; i < jobs_.size(); ++i)
    if (jobs_[i].is == state::running &&
        (i == number || (!group.empty() && jobs_[i].what.group == group)))
      return i;
  return std::nullopt;
}

schedule_entry schedule::entry(std::size_t number, wall_time now) const {
  const auto& job = jobs_[number];
  schedule_entry result;
  result.name = job.what.name;
  result.expression = job.what.when.text;
  result.last_run = job.record.last_run;
  result.last_trigger = job.record.last_trigger;
  result.last_outcome = job.record.last_outcome;
  result.running = job.is == state::running;
  if (job.record.handled != wall_time{})
    if (const auto next = next_of(job))
      result.next_run = *next + job.jitter;
  const bool due =
    job.is == state::again || (result.next_run != wall_time{} && result.next_run <= now);
  if (const auto other = held_up_by(number); other && due)
    result.waiting_for = jobs_[*other].what.name;
  return result;
}

} // namespace habitd
