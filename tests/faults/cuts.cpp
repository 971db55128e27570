#include "tests/faults/course.hpp"
#include "tests/faults/scenario.hpp"

#include <fmt/format.h>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;

/// One home whose power goes several times.
class cut_home {
public:
  cut_home(const small_home& home, const course& undisturbed, std::uint64_t seed)
      : home_{home}, undisturbed_{undisturbed}, random_{seed}, disk_{new_disk(seed)},
        now_{home.begins(0)} {}

  /// @returns  what was violated; empty if nothing.
  std::string run() {
    std::string wrong;
    const int most = 1 + static_cast<int>(random_() % 4);
    for (int i = 0; wrong.empty() && i < most && next_job_ < home_.jobs(); ++i) {
      // A cut that comes soon hits the recovery from the one before.
      const auto within = random_() % 3 == 0 ? 60 : undisturbed_.calls();
      disk_->cut_power_at(1 + random_() % within);
      wrong = live();
    }
    disk_->disarm();
    if (wrong.empty())
      wrong = live();
    if (wrong.empty() && next_job_ < home_.jobs())
      wrong = "jobs were not resumed";
    return wrong;
  }

  std::uint64_t cuts() const { return cuts_; }

private:
  /// From a start to a power cut, or to the end of all jobs.
  std::string live() {
    std::string wrong;
    {
      now_ += 1min;
      auto started = process::start(home_, disk_, now_);
      if (!started) {
        if (!disk_->power_is_off())
          return "does not start: " + describe(started.error());
      } else {
        wrong = check_start((*started)->store());
        if (wrong.empty())
          wrong = work(**started);
      }
    }
    if (!disk_->power_is_off())
      return wrong;
    ++cuts_;
    disk_->cut(random_());
    return wrong;
  }

  std::string check_start(const home_store& store) {
    if (disk_->power_is_off())
      return {};
    if (!store.db->recovered_from().empty())
      return "the store is taken for corrupt";
    if (store.db->lost_last_writes())
      return "the log is taken for damaged";
    const auto found = content_of(store);
    if (!found)
      return "can't be read: " + describe(found.error());
    if (auto wrong = missing_jobs(acknowledged_, *found); !wrong.empty())
      return wrong;
    if (auto wrong = wrong_with_jobs(*found); !wrong.empty())
      return wrong;
    const auto place = undisturbed_.place_of(*found);
    if (!place)
      return "holds what an undisturbed store never does";
    if (*place < place_ || *place > place_ + (started_before_ ? 1 : 0))
      return fmt::format("is in state {}, {} was acknowledged", *place, place_);
    acknowledged_ = *found;
    place_ = *place;
    started_before_ = true;
    return {};
  }

  std::string work(process& habitd) {
    for (; next_job_ < home_.jobs() && !disk_->power_is_off(); ++next_job_) {
      if (const auto failed = habitd.begin(next_job_); failed && !disk_->power_is_off())
        return "job does not begin: " + describe(failed);
      habitd.finish();
      if (disk_->power_is_off())
        break;
      if (const auto job = habitd.last_job(); job.outcome != job_outcome::ok)
        return "job ends badly: " + job.problem;
    }
    const auto seen = content_of(habitd.store());
    if (!seen)
      return "can't be read: " + describe(seen.error());
    acknowledged_ = *seen;
    const auto place = undisturbed_.place_of(*seen);
    if (!place)
      return "shows what an undisturbed store never does";
    place_ = *place;
    if (disk_->power_is_off())
      return {};
    if (!seen->same_as(undisturbed_.end()) || seen->rows != undisturbed_.end().rows)
      return "ends with another content than an undisturbed run";
    return wrong_with_jobs(*seen);
  }

  const small_home& home_;
  const course& undisturbed_;
  std::mt19937_64 random_;
  std::shared_ptr<disk> disk_;
  wall_time now_;
  std::size_t next_job_ = 0;
  content acknowledged_;
  std::size_t place_ = 0;
  bool started_before_ = false;
  std::uint64_t cuts_ = 0;
};

} // namespace

bool power_cuts(const repetition& times) {
  const small_home home{1};
  const auto undisturbed = course::of(home, new_disk(1));
  if (!undisturbed) {
    fmt::print("cuts: the undisturbed run fails: {}\n", describe(undisturbed.error()));
    return false;
  }
  std::uint64_t cuts = 0, violations = 0, homes = 0;
  for (; cuts < times.count; ++homes) {
    cut_home disturbed{home, *undisturbed, times.seed + homes};
    const auto wrong = disturbed.run();
    cuts += disturbed.cuts();
    if (wrong.empty())
      continue;
    ++violations;
    fmt::print("cuts: seed {}: {}\n", times.seed + homes, wrong);
  }
  fmt::print("cuts: {} power cuts in {} homes of {} disk calls and {} states each, "
             "{} violations\n",
             cuts, homes, undisturbed->calls(), undisturbed->states(), violations);
  return violations == 0;
}

} // namespace habitd::faults
