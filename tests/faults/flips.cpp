#include "tests/faults/daily_run.hpp"
#include "tests/faults/scenario.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;

/// What came of flipped bits.
enum class flip_end : std::uint8_t {
  nothing,
  refused,
  begun_anew,
  cut_short,
  read_error,
  wrong
};

flip_end read_after(const daily_run& day, const std::shared_ptr<disk>& on,
                    std::string& problem) {
  const auto started = process::start(day.home, on, day.begins + 1h);
  if (!started) {
    problem = describe(started.error());
    return flip_end::refused;
  }
  const auto& store = (*started)->store();
  if (!store.db->recovered_from().empty())
    return flip_end::begun_anew;
  if (store.db->lost_last_writes())
    return flip_end::cut_short;
  const auto found = content_of(store);
  if (!found) {
    problem = describe(found.error());
    return flip_end::read_error;
  }
  return found->same_as(day.end) && missing_jobs(day.end, *found).empty()
           ? flip_end::nothing
           : flip_end::wrong;
}

} // namespace

bool bit_flips(const repetition& times) {
  const auto day = daily_run::of(1);
  if (!day) {
    fmt::print("flips: the undisturbed run fails: {}\n", describe(day.error()));
    return false;
  }
  std::array<std::uint64_t, 6> ends{};
  for (auto seed = times.seed; seed < times.seed + times.count; ++seed) {
    std::mt19937_64 random{seed};
    const auto on = day->after->copy(seed);
    std::string flipped, problem;
    for (auto bits = 1 + random() % 3; bits > 0; --bits)
      flipped += (flipped.empty() ? "" : ", ") + on->flip(random);
    const auto end = read_after(*day, on, problem);
    ++ends[static_cast<std::size_t>(end)];
    if (!problem.empty())
      spdlog::debug("flips: seed {}: {}: {}", seed, flipped, problem);
    if (end == flip_end::wrong)
      fmt::print("flips: seed {}: other content and no word of it: {}\n", seed, flipped);
  }
  fmt::print(
    "flips: {} stores: {} whole, {} refused, {} begun anew, {} without their last "
    "writes and said so, {} with read errors, {} silently wrong\n",
    times.count, ends[0], ends[1], ends[2], ends[3], ends[4], ends[5]);
  return ends[5] == 0;
}

} // namespace habitd::faults
