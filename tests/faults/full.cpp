#include "tests/faults/daily_run.hpp"
#include "tests/faults/scenario.hpp"

#include <fmt/format.h>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;

struct full_result {
  std::string wrong;    // empty if nothing
  bool resumed = false; // by itself, in the same job
};

/// Lets the job come as far as `steps`, then fills the disk for `full_for`.
full_result run_with_full_disk(const daily_run& day, const std::shared_ptr<disk>& on,
                               std::uint64_t steps, std::chrono::seconds full_for) {
  const auto started = process::start(day.home, on, day.begins);
  if (!started)
    return {"does not start: " + describe(started.error())};
  auto& habitd = **started;
  if (const auto failed = habitd.begin(day.job))
    return {"the job does not begin: " + describe(failed)};
  for (std::uint64_t i = 0; i < steps; ++i)
    habitd.step();
  on->fill();
  for (std::chrono::seconds time{}; time < full_for; time += 1s) {
    while (habitd.step())
      ;
    habitd.pass(1s);
    if (time % 60s == 0s)
      if (const auto read = content_of(habitd.store()); !read)
        return {"can't be read while the disk is full: " + describe(read.error())};
  }
  on->free();
  habitd.finish();
  const auto job = habitd.last_job();
  const auto first = content_of(habitd.store());
  const bool resumed = job.outcome == job_outcome::ok && first &&
                       first->same_as(day.end) && wrong_with_jobs(*first).empty();
  if (!resumed) { // its very end met the full disk: the next job sees to it
    if (const auto failed = habitd.begin(day.job))
      return {"the next job does not begin: " + describe(failed)};
    habitd.finish();
  }
  const auto found = content_of(habitd.store());
  if (!found)
    return {"can't be read at the end: " + describe(found.error())};
  if (!found->same_as(day.end))
    return {"ends with another content than an undisturbed run"};
  return {wrong_with_jobs(*found), resumed};
}

} // namespace

bool full_disk(const repetition& times) {
  const auto day = daily_run::of(1);
  if (!day) {
    fmt::print("full: the undisturbed run fails: {}\n", describe(day.error()));
    return false;
  }
  std::uint64_t violations = 0, resumed = 0;
  for (auto seed = times.seed; seed < times.seed + times.count; ++seed) {
    std::mt19937_64 random{seed};
    const auto steps = random() % 60;
    const std::chrono::seconds full_for{1 + random() % 3600};
    const auto result =
      run_with_full_disk(*day, day->before->copy(seed), steps, full_for);
    resumed += result.resumed ? 1 : 0;
    if (result.wrong.empty())
      continue;
    ++violations;
    fmt::print("full: seed {} (after {} messages, for {} s): {}\n", seed, steps,
               full_for.count(), result.wrong);
  }
  fmt::print("full: {} jobs met a full disk: {} went on by themselves, {} in the next "
             "run, {} violations\n",
             times.count, resumed, times.count - resumed - violations, violations);
  return violations == 0;
}

} // namespace habitd::faults
