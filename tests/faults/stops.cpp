#include "tests/end_to_end/program.hpp"
#include "tests/faults/scenario.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <random>
#include <thread>

namespace habitd::faults {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

/// Asks until `is_so` answers true; false if it doesn't within half a minute.
bool comes(const std::function<bool()>& is_so) {
  for (const auto until = steady::now() + 30s; steady::now() < until;
       std::this_thread::sleep_for(20ms))
    if (is_so())
      return true;
  return false;
}

/// A daemon over a state of its own.
class served_home {
public:
  explicit served_home(const std::string& config)
      : daemon_{{habitd_path(), "run", "--config", config}} {
    const auto serves = [this] {
      const auto log = daemon_.log();
      const auto at = log.find("http://");
      const auto end = log.find_first_of("\n\"", at);
      if (at == std::string::npos || end == std::string::npos)
        return false;
      url_ = log.substr(at, end - at);
      return true;
    };
    comes(serves);
  }

  bool is_up() const { return !url_.empty(); }

  std::string ask(const std::string& method, const std::string& path) const {
    return run_program({"/usr/bin/curl", "-s", "-m", "20", "-X", method, url_ + path})
      .out;
  }

  /// The jobs' records by id; empty if there is no answer.
  std::map<std::string, json::object> jobs() const {
    std::map<std::string, json::object> result;
    boost::system::error_code failed;
    const auto answer = json::parse(ask("GET", "api/v1/jobs?limit=1000"), failed);
    if (!failed && answer.is_object() && answer.as_object().contains("items"))
      for (const auto& job : answer.at("items").as_array())
        result[job.at("id").as_string().c_str()] = job.as_object();
    return result;
  }

  /// What was found, once the last job has ended well; empty if it doesn't.
  std::string findings() const {
    const bool ended = comes([this] {
      const auto all = jobs();
      return !all.empty() && all.rbegin()->second.at("outcome") == "ok";
    });
    return ended ? ask("GET", "api/v1/patterns?limit=1000") +
                     ask("GET", "api/v1/suggestions?limit=1000")
                 : std::string{};
  }

  /// @returns  what was wrong with how it stopped.
  std::string stop() {
    const auto asked = steady::now();
    daemon_.signal(SIGTERM);
    const auto ended = daemon_.wait();
    const auto took = std::chrono::duration<double>{steady::now() - asked}.count();
    if (ended.exit_code != 0 || took > 5)
      return fmt::format("a stop took {:.1f} s and ended with {}: {}", took,
                         ended.exit_code, ended.err);
    return {};
  }

private:
  program daemon_;
  std::string url_;
};

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

  /// Stops twice, then lets the job end.
  /// @returns  what was violated; empty if nothing.
  std::string run(std::uint64_t seed) {
    std::mt19937_64 random{seed};
    const auto state = "disturbed-" + std::to_string(seed);
    const auto config = configured(state);
    for (int stops = 0; stops < 2; ++stops) {
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
      if (job != jobs.begin() && job->second.at("trigger") != "resume")
        return "job " + job->first + " is not a resumed one";
      resumed_ += job != jobs.begin() ? 1 : 0;
    }
    return {};
  }

  std::string configured(const std::string& state) const {
    const auto config = dir_ / (state + ".yaml");
    write_file(config, "events:\n  recorder: " + (dir_ / "home/home-assistant_v2.db") +
                         "\nhome:\n  time_zone: Europe/Berlin\nstorage:\n  directory: " +
                         (dir_ / state) + "\nhttp:\n  port: 0\n");
    return config;
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
