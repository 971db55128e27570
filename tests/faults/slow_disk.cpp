#include "tests/faults/call_plan.hpp"
#include "tests/faults/scenario.hpp"
#include "tests/faults/served_home.hpp"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <random>
#include <thread>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

/// A home whose daemon analyses on a disk that takes seconds for every sync, as an SD card
/// that is worn out does.
class slow_home {
public:
  slow_home() {
    run_program({habitd_path(), "simulate", dir_ / "home", "--days", "21", "--entities",
                 "60", "--events-per-day", "250", "--seed", "4", "--recorder-only"});
    served_home undisturbed{configured("undisturbed")};
    undisturbed.ask("POST", "api/analyze/trigger");
    expected_ = undisturbed.findings();
    undisturbed.stop();
  }

  bool is_usable() const { return !expected_.empty(); }

  /// Lets the disk be slow for `time` of a job, and asks all the while.
  /// @returns  what was violated; empty if nothing.
  std::string run(std::uint64_t seed, std::chrono::seconds time) {
    std::mt19937_64 random{seed};
    const auto state = dir_ / ("slow-" + std::to_string(seed));
    const auto config = configured("slow-" + std::to_string(seed));
    call_plan plan{state};
    served_home home{config, plan.command()};
    if (!home.is_up())
      return "does not serve: " + home.log();
    plan->sync_ms = static_cast<std::uint32_t>(1000 + random() % 4000);
    home.ask("POST", "api/analyze/trigger");
    const auto syncs = plan->made[1].load();
    for (const auto until = steady::now() + time; steady::now() < until;)
      if (const auto wrong = ask_all(home); !wrong.empty())
        return fmt::format("{}: {}", wrong, home.log());
    syncs_ += plan->made[1].load() - syncs;
    plan->sync_ms = 0;
    const auto found = home.findings();
    const auto jobs = home.jobs().size();
    if (const auto wrong = home.stop(); !wrong.empty())
      return wrong;
    std::filesystem::remove_all(state);
    return jobs != 1            ? fmt::format("{} jobs instead of one", jobs)
           : found != expected_ ? "other findings"
                                : "";
  }

  std::uint64_t answers() const { return answers_; }
  std::uint64_t syncs() const { return syncs_; }

  /// The longest that each question took.
  std::string longest() const {
    std::string text;
    for (const auto& [path, seconds] : longest_)
      text += fmt::format("{}{} {:.2f} s", text.empty() ? "" : ", ", path, seconds);
    return text;
  }

private:
  std::string ask_all(const served_home& home) {
    for (const std::string path : {"health", "api/v1/patterns", "metrics"}) {
      const auto asked = steady::now();
      const auto answer = home.ask("GET", path);
      if (answer.empty())
        return "no answer to " + path;
      const std::chrono::duration<double> took = steady::now() - asked;
      auto& longest = longest_[path];
      longest = std::max(longest, took.count());
      ++answers_;
      if (path == "health" && answer.find("\"down\"") != std::string::npos)
        return "a branch is down: " + answer;
    }
    std::this_thread::sleep_for(100ms);
    return {};
  }

  std::string configured(const std::string& state) const {
    return write_config(dir_ / state, dir_ / "home/home-assistant_v2.db");
  }

  test_directory dir_;
  std::string expected_;
  std::uint64_t answers_ = 0;
  std::uint64_t syncs_ = 0;
  std::map<std::string, double> longest_; // s
};

} // namespace

bool slow_disk(const repetition& times) {
  slow_home home;
  if (!home.is_usable()) {
    fmt::print("slow: the undisturbed run fails\n");
    return false;
  }
  std::uint64_t violations = 0;
  for (auto seed = times.seed; seed < times.seed + times.count; ++seed)
    if (const auto wrong = home.run(seed, std::chrono::seconds{times.seconds});
        !wrong.empty()) {
      ++violations;
      fmt::print("slow: seed {}: {}\n", seed, wrong);
    }
  fmt::print(
    "slow: {} jobs on a disk whose syncs took 1 to 5 s for {} s each: {} syncs, {} "
    "questions answered meanwhile (at most {}), {} violations\n",
    times.count, times.seconds, home.syncs(), home.answers(), home.longest(), violations);
  return violations == 0;
}

} // namespace habitd::faults
