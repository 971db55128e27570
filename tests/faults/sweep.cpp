#include "tests/faults/daily_run.hpp"
#include "tests/faults/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;

/// One call of a daily run that fails.
class swept_run {
public:
  swept_run(const daily_run& day, std::shared_ptr<disk> on)
      : day_{day}, disk_{std::move(on)} {}

  /// @returns  what was violated; empty if nothing.
  std::string run() {
    for (int starts = 0; starts < 3; ++starts)
      if (auto wrong = live(starts); !wrong.empty() || done_)
        return wrong.empty() ? survives_cut() : wrong;
    return "not done after three starts";
  }

  bool was_retried() const { return was_retried_; }

private:
  /// From a start to the end of the job; a job that did not end well is run once more.
  std::string live(int starts) {
    auto started = process::start(day_.home, disk_, day_.begins + starts * 10min);
    if (!started) {
      was_retried_ = true;
      const auto text = describe(started.error());
      if (starts > 0)
        return "does not start again: " + text;
      return text.find("/home/store") == std::string::npos
               ? "an error that names nothing: " + text
               : std::string{};
    }
    if (!(*started)->store().db->recovered_from().empty())
      return "the store is taken for corrupt";
    for (int tries = 0; tries < 2 && !done_; ++tries) {
      if (auto wrong = try_job(**started); !wrong.empty())
        return wrong;
      was_retried_ = was_retried_ || !done_;
    }
    return {};
  }

  std::string try_job(process& habitd) {
    if (const auto failed = habitd.begin(day_.job))
      return describe(failed).find("/home/store") == std::string::npos
               ? "an error that names nothing: " + describe(failed)
               : std::string{};
    habitd.finish();
    const auto job = habitd.last_job();
    if (habitd.is_running())
      return "the job hangs";
    if (job.outcome != job_outcome::ok)
      return job.problem.empty() ? "a job that is not ok says no problem" : std::string{};
    const auto found = content_of(habitd.store());
    if (!found)
      return "can't be read: " + describe(found.error());
    done_ = found->same_as(day_.end) && wrong_with_jobs(*found).empty();
    return {};
  }

  /// What a job that is done has written stays, whatever failed before.
  std::string survives_cut() {
    disk_->cut(1);
    const auto started = process::start(day_.home, disk_, day_.begins + 1h);
    if (!started)
      return "does not start after a power cut: " + describe(started.error());
    const auto found = content_of((*started)->store());
    if (!found)
      return "can't be read after a power cut: " + describe(found.error());
    return found->same_as(day_.end) ? "" : "lost something in a power cut at the end";
  }

  const daily_run& day_;
  std::shared_ptr<disk> disk_;
  bool done_ = false;
  bool was_retried_ = false;
};

} // namespace

bool call_sweep(const repetition& times) {
  std::uint64_t done = 0, retried = 0, violations = 0;
  for (auto seed = times.seed; seed < times.seed + times.count; ++seed) {
    const auto day = daily_run::of(seed);
    if (!day) {
      fmt::print("sweep: the undisturbed run fails: {}\n", describe(day.error()));
      return false;
    }
    for (const auto kind :
         {disk_call::write, disk_call::sync, disk_call::rename, disk_call::create})
      for (std::uint64_t n = 1; n <= day->calls[static_cast<std::size_t>(kind)];
           n += std::max<std::uint64_t>(1, times.every)) {
        const auto on = day->before->copy(seed + n);
        on->fail(kind, n);
        swept_run run{*day, on};
        const auto wrong = run.run();
        (run.was_retried() ? retried : done) += wrong.empty() ? 1 : 0;
        if (wrong.empty())
          continue;
        ++violations;
        fmt::print("sweep: seed {}, {} {}: {}\n", seed,
                   disk_call_names[static_cast<std::size_t>(kind)], n, wrong);
      }
  }
  fmt::print("sweep: {} calls failed: {} runs done, {} cleanly retried, {} violations\n",
             done + retried + violations, done, retried, violations);
  return violations == 0;
}

} // namespace habitd::faults
