#include "tests/faults/daily_run.hpp"
#include "tests/faults/scenario.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;

/// What came of flipped bits, once the next job had run.
enum class flip_end : std::uint8_t {
  whole,   // as if nothing had been
  healed,  // damage was told, and the findings are as they were
  history, // damage was told, and findings are of less
  anew,    // told: the store was begun anew, its copy was damaged as well
  refused, // no start, or a job that is never ok again
  wrong,   // other findings, and no word of it
};
constexpr std::size_t flip_ends = 6;

struct flip_result {
  flip_end end{};
  std::string told;
};

/// Patterns and suggestions: all that people see.
expected<std::string> findings_of_home(const home_store& store) {
  const auto all = findings_of(store);
  if (!all)
    return all.error();
  return std::to_string(all->at("patterns")) + "/" +
         std::to_string(all->at("suggestions"));
}

/// Starts, runs a job, and another one: the first may be told what it has to leave out.
flip_result run_after(const daily_run& day, const std::shared_ptr<disk>& on,
                      const std::string& expected_findings) {
  const auto started = process::start(day.home, on, day.begins + 1h);
  if (!started)
    return {flip_end::refused, describe(started.error())};
  auto& running = **started;
  std::string told;
  for (int jobs = 0; jobs < 2; ++jobs) {
    if (auto failed = running.begin(day.job))
      return {flip_end::refused, describe(failed)};
    running.finish();
    if (const auto job = running.last_job(); job.outcome != job_outcome::ok)
      told = job.problem.empty() ? "a job that is not ok" : job.problem;
  }
  const auto& store = running.store();
  if (const auto mishap = store.db->mishap(); !mishap.empty())
    told = mishap;
  const auto found = findings_of_home(store);
  if (!found)
    return {flip_end::refused, describe(found.error())};
  if (running.last_job().outcome != job_outcome::ok)
    return {flip_end::refused, told};
  const bool same = *found == expected_findings;
  if (told.empty())
    return {same ? flip_end::whole : flip_end::wrong, {}};
  const bool begun_anew = !store.db->recovered_from().empty() && !store.db->is_of_copy();
  return {same         ? flip_end::healed
          : begun_anew ? flip_end::anew
                       : flip_end::history,
          told};
}

} // namespace

bool bit_flips(const repetition& times) {
  auto day = daily_run::of(1);
  if (!day) {
    fmt::print("flips: the undisturbed run fails: {}\n", describe(day.error()));
    return false;
  }
  day->home.keep_last_days(10); // as a recorder does
  const auto undisturbed = run_after(*day, day->after->copy(0), {});
  const auto started = process::start(day->home, day->after->copy(0), day->begins);
  const auto expected_findings =
    started ? findings_of_home((*started)->store()) : started.error();
  if (!expected_findings || undisturbed.end == flip_end::refused) {
    fmt::print("flips: the undisturbed store can't be read\n");
    return false;
  }
  std::array<std::uint64_t, flip_ends> ends{};
  for (auto seed = times.seed; seed < times.seed + times.count; ++seed) {
    std::mt19937_64 random{seed};
    const auto on = day->after->copy(seed);
    std::string flipped;
    for (auto bits = 1 + random() % 3; bits > 0; --bits)
      flipped += (flipped.empty() ? "" : ", ") + on->flip(random);
    const auto [end, told] = run_after(*day, on, *expected_findings);
    ++ends[static_cast<std::size_t>(end)];
    if (end != flip_end::whole)
      spdlog::debug("flips: seed {}: {}: {}", seed, flipped, told);
    if (end == flip_end::wrong || end == flip_end::refused)
      fmt::print("flips: seed {}: {}: {}\n", seed,
                 end == flip_end::wrong ? "other findings and no word of it"
                                        : "no start, or no job that is ok: " + told,
                 flipped);
  }
  fmt::print("flips: {} stores: {} whole, {} told and healed, {} with less history, {} "
             "begun anew, {} that don't go on, {} silently wrong\n",
             times.count, ends[0], ends[1], ends[2], ends[3], ends[4], ends[5]);
  return ends[4] == 0 && ends[5] == 0;
}

} // namespace habitd::faults
