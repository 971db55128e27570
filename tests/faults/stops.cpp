#include "tests/faults/scenario.hpp"
#include "tests/faults/served_home.hpp"

#include <fmt/format.h>

#include <random>
#include <thread>

namespace habitd::faults {

namespace {

namespace json = boost::json;
using steady = std::chrono::steady_clock;

/// A home whose daemon is stopped again and again while it analyses.
class stopped_home {
public:
  stopped_home() {
    run_program({habitd_path(), "simulate", dir_ / "home", "--days", "21", "--entities",
                 "70", "--events-per-day", "4000", "--seed", "4", "--recorder-only"});
    served_home undisturbed{configured("undisturbed")};
    const auto began = steady::now();
    undisturbed.ask("POST", "api/analyze/trigger");
    expected_ = undisturbed.findings();
    whole_ = steady::now() - began;
    undisturbed.stop();
  }

  bool is_usable() const { return !expected_.empty(); }

  /// Stops four times, then lets the job end.
  /// @returns  what was violated; empty if nothing.
  std::string run(std::uint64_t seed) {
    std::mt19937_64 random{seed};
    const auto state = "disturbed-" + std::to_string(seed);
    const auto config = configured(state);
    for (int stops = 0; stops < 4; ++stops) {
      served_home home{config};
      if (!home.is_up())
        return "does not serve";
      if (stops == 0)
        home.ask("POST", "api/analyze/trigger");
      const auto share = std::uniform_real_distribution<>{0, 1}(random);
      std::this_thread::sleep_for(
        std::chrono::duration_cast<std::chrono::microseconds>(whole_ * share));
      if (auto wrong = home.stop(); !wrong.empty())
        return wrong;
      ++stops_;
    }
    served_home last{config};
    const auto found = last.findings();
    const auto jobs = last.jobs();
    const auto wrong = last.stop();
    std::filesystem::remove_all(dir_ / state);
    return !wrong.empty() ? wrong : found != expected_ ? "other findings" : check(jobs);
  }

  std::uint64_t stops() const { return stops_; }
  std::uint64_t resumed() const { return resumed_; }

private:
  /// All were cut off but the last; whatever goes on with one is called so.
  std::string check(const std::map<std::string, json::object>& jobs) {
    for (auto job = jobs.begin(); job != jobs.end(); ++job) {
      const bool is_last = std::next(job) == jobs.end();
      const auto wanted = is_last ? "ok" : "interrupted";
      if (job->second.at("outcome") != wanted)
        return "job " + job->first + " is not " + wanted;
      if (job->second.at("stopped") != !is_last)
        return "job " + job->first + " is not said to be stopped";
      if (job != jobs.begin() && job->second.at("trigger") != "resume")
        return "job " + job->first + " is not a resumed one";
      resumed_ += job != jobs.begin() ? 1 : 0;
    }
    return {};
  }

  std::string configured(const std::string& state) const {
    return write_config(dir_ / state, dir_ / "home/home-assistant_v2.db");
  }

  test_directory dir_;
  std::string expected_;
  steady::duration whole_{};
  std::uint64_t stops_ = 0;
  std::uint64_t resumed_ = 0;
};

} // namespace

bool stops(const repetition& times) {
  stopped_home home;
  if (!home.is_usable()) {
    fmt::print("stops: the undisturbed run fails\n");
    return false;
  }
  std::uint64_t violations = 0, rounds = 0;
  for (; home.stops() < times.count; ++rounds) {
    const auto wrong = home.run(times.seed + rounds);
    if (wrong.empty())
      continue;
    ++violations;
    fmt::print("stops: seed {}: {}\n", times.seed + rounds, wrong);
    if (home.stops() == 0)
      break; // it does not even start
  }
  fmt::print("stops: {} stops in {} homes, {} jobs resumed, {} violations\n",
             home.stops(), rounds, home.resumed(), violations);
  return violations == 0;
}

} // namespace habitd::faults
