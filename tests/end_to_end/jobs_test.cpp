// `habitd jobs`, beside a running daemon and without one.

#include "tests/end_to_end/program.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

namespace habitd {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

/// A home whose daemon wants a token and logs as JSON.
struct home_with_jobs {
  test_directory dir;
  std::string config = dir / "habitd.yaml";
  std::string url;

  home_with_jobs() {
    REQUIRE(run_program({habitd_path(), "simulate", dir / "home", "--days", "20",
                         "--entities", "60", "--recorder-only"})
              .exit_code == 0);
    write_file(config, "events:\n  recorder: " + (dir / "home/home-assistant_v2.db") +
                         "\nhome:\n  time_zone: Europe/Berlin\nstorage:\n  directory: " +
                         (dir / "state") +
                         "\nhttp:\n  port: 0\n  token: sixteen-letters-or-more\n"
                         "log:\n  format: json\n");
  }

  std::vector<std::string> daemon(const std::string& faults = "") const {
    return {"/usr/bin/env", "HABITD_FAULTS=" + faults, habitd_path(), "run", "--config",
            config};
  }

  /// Waits until a daemon serves.
  void meet(const program& running) {
    const std::string before = "serves on ";
    for (int i = 0; i < 400; ++i) {
      const auto log = running.log();
      if (const auto at = log.find(before); at != std::string::npos) {
        const auto begin = at + before.size();
        url = log.substr(begin, log.find_first_of("\n\"", begin) - begin);
        return;
      }
      std::this_thread::sleep_for(50ms);
    }
    FAIL("the daemon does not serve: " + running.log());
  }

  program_result jobs(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {habitd_path(), "jobs", "--config", config});
    if (!url.empty())
      arguments.insert(arguments.end(), {"--url", url});
    return run_program(arguments);
  }

  json::value get(const std::string& path) const {
    return json::parse(
      run_program({"/usr/bin/curl", "-s", "-m", "20", "-H",
                   "Authorization: Bearer sixteen-letters-or-more", url + path})
        .out);
  }

  /// Begins a job and gives its id.
  std::string begin() const {
    const auto begun = jobs({"run", "--json"});
    INFO(begun.err);
    REQUIRE(begun.exit_code == 0);
    return json::parse(begun.out).at("job").as_string().c_str();
  }

  /// A job as it is once it has ended; as it is after 60 s if it has not.
  json::object ended(const std::string& id) const {
    json::object job;
    for (int i = 0; i < 600; ++i) {
      const auto shown = jobs({"show", id, "--json"});
      REQUIRE(shown.exit_code == 0);
      job = json::parse(shown.out).as_object();
      if (job.at("outcome") != "running")
        break;
      std::this_thread::sleep_for(100ms);
    }
    return job;
  }
};

TEST_CASE("a job is begun, shown and listed by a running daemon") {
  home_with_jobs home;
  program daemon{home.daemon()};
  home.meet(daemon);

  const auto first = home.begin();
  const auto job = home.ended(first);
  const auto second = home.begin();
  home.ended(second);

  CHECK(job.at("outcome") == "ok");
  CHECK(job.at("trigger") == "http");
  const auto planned = home.get("api/v1/schedule").at("items").at(0);
  CHECK(planned.at("last").at("trigger") == "http"); // the scheduler knows of it
  CHECK(planned.at("last").at("outcome") == "ok");
  CHECK(home.get("health").at("components").as_object().contains("clock"));
  const auto table = home.jobs({});
  CHECK(table.exit_code == 0);
  CHECK(table.err.empty());
  CHECK_THAT(table.out, Catch::StartsWith("id ") && Catch::Contains("suggestions"));
  CHECK(table.out.find(second) < table.out.find(first)); // newest first
  CHECK(table.out.find(first) != std::string::npos);
  const auto latest = json::parse(home.jobs({"--limit", "1", "--json"}).out);
  REQUIRE(latest.at("items").as_array().size() == 1);
  CHECK(std::string{latest.at("items").at(0).at("id").as_string()} == second);
  CHECK_THAT(home.jobs({"show", first}).out,
             Catch::Contains("(Europe/Berlin)") && Catch::Contains("phases"));
}

TEST_CASE("every line that a job logs carries the correlation of its record") {
  home_with_jobs home;
  program daemon{home.daemon()};
  home.meet(daemon);

  const auto id = home.begin();
  const auto correlation = home.ended(id).at("correlation");

  REQUIRE(correlation.as_string().size() == 36);
  std::istringstream lines{daemon.log()};
  std::string line;
  int of_job = 0;
  while (std::getline(lines, line)) {
    const auto object = json::parse(line).as_object();
    const std::string message{object.at("message").as_string()};
    const bool is_ours = message.find(id) != std::string::npos;
    of_job += is_ours;
    CHECK(object.contains("correlation") == is_ours);
    if (is_ours)
      CHECK(object.at("correlation") == correlation);
  }
  CHECK(of_job >= 2); // its begin and its end
}

TEST_CASE("a cancelled job ends, raises no alert and is not gone on with") {
  home_with_jobs home;
  {
    program daemon{home.daemon("detector.observe:1+:throw")}; // it tries for a minute
    home.meet(daemon);
    const auto id = home.begin();

    const auto cancelled = home.jobs({"cancel", id});

    CHECK(cancelled.exit_code == 0);
    CHECK_THAT(cancelled.out, Catch::Contains(id));
    CHECK(home.ended(id).at("outcome") == "cancelled");
    const auto again = home.jobs({"cancel", id});
    CHECK(again.exit_code == 3);
    CHECK_THAT(again.err, Catch::Contains("does not run: it ended cancelled"));
    daemon.signal(SIGTERM);
    CHECK(daemon.wait().exit_code == 0);
  }
  program daemon{home.daemon()};
  home.meet(daemon);

  const auto all = json::parse(home.jobs({"--json"}).out).at("items").as_array();

  REQUIRE(all.size() == 1);
  CHECK(all[0].at("outcome") == "cancelled");
  const auto alerts = home.get("api/v1/alerts");
  for (const auto& alert : alerts.at("items").as_array())
    CHECK(alert.at("code") != "job_failed");
}

TEST_CASE("what `habitd jobs` can't do, it says, with the exit code for it") {
  home_with_jobs home;
  const auto nothing = home.jobs({});
  CHECK(nothing.exit_code == 3);
  CHECK_THAT(nothing.err, Catch::Contains("no store at " + (home.dir / "state/store")));
  const auto alone = home.jobs({"run"});
  CHECK(alone.exit_code == 4);
  CHECK_THAT(alone.err, Catch::Contains("no habitd answers on http://127.0.0.1:0"));
  program daemon{home.daemon()};
  home.meet(daemon);

  const auto unknown = home.jobs({"show", "20200101T000000000"});
  CHECK(unknown.exit_code == 3);
  CHECK_THAT(unknown.err, Catch::Contains("no job with id 20200101T000000000"));
  CHECK(home.jobs({"cancel", "../x"}).exit_code == 3);
  const auto stranger =
    run_program({"/usr/bin/env", "HABITD__HTTP__TOKEN=another-long-token", habitd_path(),
                 "jobs", "--url", home.url});
  CHECK(stranger.exit_code == 3);
  CHECK_THAT(stranger.err, Catch::Contains("does not know this token"));
  CHECK(home.jobs({"--limit", "0"}).exit_code == 2);
}

TEST_CASE("the store of a daemon that does not answer can be read all the same") {
  home_with_jobs home;
  program daemon{home.daemon()};
  home.meet(daemon);
  const auto id = home.begin();
  home.ended(id);
  home.url.clear(); // where the config says, none answers

  const auto table = home.jobs({});

  CHECK(table.exit_code == 0);
  CHECK_THAT(table.out, Catch::Contains(id) && Catch::Contains("ok"));
}

TEST_CASE("without a daemon, jobs are read from the store") {
  home_with_jobs home;
  std::string id;
  {
    program daemon{home.daemon()};
    home.meet(daemon);
    id = home.begin();
    home.ended(id);
    daemon.signal(SIGTERM);
    CHECK(daemon.wait().exit_code == 0);
  }
  home.url.clear();

  const auto table = home.jobs({});
  const auto shown = home.jobs({"show", id});
  const auto unknown = home.jobs({"show", "1"});

  CHECK(table.exit_code == 0);
  CHECK_THAT(table.out, Catch::Contains(id) && Catch::Contains("ok"));
  CHECK_THAT(table.err, Catch::Contains("none answers on http://127.0.0.1:0"));
  CHECK_THAT(shown.out, Catch::Contains("correlation"));
  CHECK(unknown.exit_code == 3);
  CHECK_THAT(unknown.err, Catch::Contains("no job with id 1"));
}

} // namespace
} // namespace habitd
