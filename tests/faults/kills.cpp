#include "tests/faults/analysed_home.hpp"
#include "tests/faults/scenario.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

namespace habitd::faults {

namespace {

/// A home on disk, whose analysis is killed again and again.
class killed_home {
public:
  killed_home() {
    const auto made =
      run_program({habitd_path(), "simulate", dir_ / "home", "--days", "21", "--entities",
                   "70", "--events-per-day", "4000", "--seed", "4"});
    const auto began = std::chrono::steady_clock::now();
    expected_ = findings(run_program(analyze("undisturbed")));
    whole_ = std::chrono::steady_clock::now() - began;
  }

  bool is_usable() const { return !expected_.empty(); }

  /// Kills up to `most` times, then runs to the end.
  /// @returns  what was violated; empty if nothing.
  std::string run(std::uint64_t seed, std::uint64_t most) {
    std::mt19937_64 random{seed};
    const auto state = "disturbed-" + std::to_string(seed);
    for (std::uint64_t i = 0; i < most; ++i) {
      program cut_off{analyze(state)};
      // Later runs have less to do.
      const auto share =
        std::uniform_real_distribution<>{0, 1}(random) / (1 + static_cast<double>(i) / 3);
      std::this_thread::sleep_for(
        std::chrono::duration_cast<std::chrono::microseconds>(whole_ * share));
      cut_off.signal(SIGKILL);
      const auto ended = cut_off.wait();
      if (ended.exit_code == 128 + SIGKILL)
        ++kills_;
      else if (findings(ended) != expected_)
        return fmt::format("a run ended with {} and other findings: {}", ended.exit_code,
                           ended.err);
    }
    const auto resumed = run_program(analyze(state));
    std::filesystem::remove_all(dir_ / state);
    if (resumed.exit_code != 0 || !resumed.err.empty())
      return fmt::format("the run after the kills ends with {}: {}", resumed.exit_code,
                         resumed.err);
    return findings(resumed) == expected_ ? "" : "other findings than an undisturbed run";
  }

  std::uint64_t kills() const { return kills_; }

private:
  std::vector<std::string> analyze(const std::string& state) const {
    return {
      habitd_path(), "analyze",       "--events", dir_ / "home/home-assistant_v2.db",
      "--time-zone", "Europe/Berlin", "--json",   "--state",
      dir_ / state};
  }

  test_directory dir_;
  std::string expected_;
  std::chrono::steady_clock::duration whole_{};
  std::uint64_t kills_ = 0;
};

} // namespace

bool kills(const repetition& times) {
  killed_home home;
  if (!home.is_usable()) {
    fmt::print("kills: the undisturbed run fails\n");
    return false;
  }
  std::uint64_t violations = 0, rounds = 0;
  for (; home.kills() < times.count; ++rounds) {
    const auto wrong = home.run(times.seed + rounds,
                                std::min<std::uint64_t>(8, times.count - home.kills()));
    if (wrong.empty())
      continue;
    ++violations;
    fmt::print("kills: seed {}: {}\n", times.seed + rounds, wrong);
  }
  fmt::print("kills: {} processes killed in {} analyses, {} violations\n", home.kills(),
             rounds, violations);
  return violations == 0;
}

} // namespace habitd::faults
