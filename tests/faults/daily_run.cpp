#include "tests/faults/daily_run.hpp"

namespace habitd::faults {

namespace {

/// Starts, runs a job to its end, and stops.
expected<content> run_job(const small_home& home, const std::shared_ptr<disk>& on,
                          std::size_t job) {
  auto started = process::start(home, on, home.begins(job));
  if (!started)
    return started.error();
  if (auto failed = (*started)->begin(job))
    return failed;
  (*started)->finish();
  if (const auto last = (*started)->last_job(); last.outcome != job_outcome::ok)
    return make_error(ec::unexpected, "job not ok: " + last.problem);
  return content_of((*started)->store());
}

} // namespace

expected<daily_run> daily_run::of(std::uint64_t seed) {
  daily_run day{small_home{seed}};
  day.job = day.home.jobs() - 1;
  day.begins = day.home.begins(day.job);
  day.before = new_disk(seed);
  for (std::size_t job = 0; job < day.job; ++job)
    if (auto ended = run_job(day.home, day.before, job); !ended)
      return ended.error();
  // Every start writes the log out as tables; some more of them make a compaction due.
  for (int starts = 0; starts < 2; ++starts)
    if (auto again = run_job(day.home, day.before, day.job - 1); !again)
      return again.error();
  day.after = day.before->copy(seed);
  auto ended = run_job(day.home, day.after, day.job);
  if (!ended)
    return ended.error();
  day.end = std::move(*ended);
  for (std::size_t kind = 0; kind < disk_call_kinds; ++kind)
    day.calls[kind] = day.after->calls(static_cast<disk_call>(kind));
  return day;
}

} // namespace habitd::faults
