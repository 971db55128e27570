// What must hold when a simulated year is over.

#include "tests/faults/simulated_year.hpp"

#include "storage/records.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;

void mix_into(std::uint64_t& digest, std::uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8)
    digest = (digest ^ ((number >> shift) & 0xff)) * 1099511628211U;
}

} // namespace

/// Nothing disturbs any more: what is under way ends.
void simulated_year::calm_down() {
  agenda_.clear();
  end_ += 8h;
  world_.thrown.set_rate(0);
  world_.thrown.break_point({});
  world_.target.become(target_mood::takes);
  world_.clock->synchronise();
  world_.storage->disarm();
  world_.storage->free();
  const auto is_done = [this] {
    return process_ && !is_busy() && !process_->store().outbox.next("phone");
  };
  stride_ = 0ms;
  for (int quiet = 0; quiet < 3 && outcome_.wrong.empty();) {
    if (world_.clock->true_now() >= end_)
      return blame("does not come to rest");
    turn();
    quiet = is_done() ? quiet + 1 : 0;
  }
}

void simulated_year::check_end() {
  calm_down();
  if (!outcome_.wrong.empty())
    return;
  const auto& store = process_->store();
  const auto found = content_of(store);
  auto findings = findings_of(store);
  if (!found || !findings)
    return blame("can't be read: " + describe(!found ? found.error() : findings.error()));
  if (auto wrong = wrong_with_jobs(*found); !wrong.empty())
    return blame(wrong);
  check_runs(*found);
  check_outbox();
  check_alerts(*found);
  outcome_.found = std::move(*findings);
  outcome_.jobs = found->jobs.size();
  outcome_.digest = found->digest;
  for (const auto& [id, text] : found->jobs)
    for (const char c : id + text)
      mix_into(outcome_.digest, static_cast<std::uint8_t>(c));
  for (const auto number : outcome_.count)
    mix_into(outcome_.digest, number);
  for (const auto number :
       {outcome_.steps, world_.thrown.thrown(), world_.target.attempts()})
    mix_into(outcome_.digest, number);
}

/// One job record for each run that the clock began, but for those whose worker could not
/// begin and that are said to have failed; and no day is left behind. A job that is resumed
/// at the moment of a run stands for it.
void simulated_year::check_runs(const content& found) {
  std::map<std::string, std::set<wall_time>> scheduled, resumed;
  for (const auto& [id, text] : found.jobs)
    if (const auto job = job_from_json(text); job && job->trigger == "schedule")
      scheduled[job->kind].insert(job->started);
    else if (job && job->trigger == "resume")
      resumed[job->kind].insert(job->started);
  const auto has_one = [](const std::set<wall_time>& jobs, wall_time since) {
    const auto next = jobs.lower_bound(since);
    return next != jobs.end() && *next - since < 1min;
  };
  for (const auto& job : year_jobs()) {
    const auto records = scheduled[job.name].size();
    const auto runs = world_.watch.runs(job.name), failed = world_.watch.failed(job.name);
    std::uint64_t by_resumed = 0;
    for (const auto run : world_.watch.begun(job.name))
      by_resumed += !has_one(scheduled[job.name], run) && has_one(resumed[job.name], run);
    if (records > runs || records + by_resumed + failed < runs)
      blame(fmt::format("{}: {} runs of the schedule, {} of them failed, {} job records",
                        job.name, runs, failed, records));
  }
  const auto days =
    process_->store().days.range(local_day{INT32_MIN}, local_day{INT32_MAX});
  if (!days)
    return blame("days can't be read: " + describe(days.error()));
  for (const auto& [day, record] : *days)
    if (record.seen_epoch != record.epoch &&
        world_.home.calendar()->span_of(day).end < end_ - 8h)
      blame(fmt::format("day {} is left behind", day.number));
}

/// A kind of job has an alert if the last of its jobs that ended by itself did not end well.
void simulated_year::check_alerts(const content& found) {
  std::map<std::string, bool> is_bad;
  for (const auto& [id, text] : found.jobs)
    if (const auto job = job_from_json(text);
        job && job->outcome != job_outcome::interrupted)
      is_bad[job->kind] = job->outcome != job_outcome::ok;
  for (const auto& [kind, bad] : is_bad) {
    const auto active = process_->store().alerts.active("job_failed", kind);
    if (!active || active->has_value() != bad)
      blame(fmt::format("the last {} ended {}, and its alert is {}", kind,
                        bad ? "badly" : "well", bad ? "not raised" : "raised"));
  }
}

/// All that was staged was taken or set aside, and is counted once.
void simulated_year::check_outbox() {
  const auto& outbox = process_->store().outbox;
  const auto counts = outbox.counts();
  const auto letters = outbox.dead_letters();
  if (!counts || !letters)
    return blame("the outbox can't be read");
  auto all = world_.target.taken();
  std::uint64_t taken_and_dead = 0;
  for (const auto& letter : *letters)
    taken_and_dead +=
      all.insert_or_assign(letter.sequence, letter.payload).second ? 0 : 1;
  const auto found = counts->find("phone");
  const auto delivered = found == counts->end() ? 0 : found->second.delivered;
  if (delivered != world_.target.taken().size() - taken_and_dead)
    blame(
      fmt::format("{} entries are called delivered, the target has {}, {} of them were "
                  "set aside",
                  delivered, world_.target.taken().size(), taken_and_dead));
  if (auto wrong = wrong_with_alerts(all); !wrong.empty())
    blame(wrong);
}

} // namespace habitd::faults
