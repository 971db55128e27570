#include "tools/habitd/jobs_text.hpp"

#include <catch2/catch.hpp>

namespace habitd {
namespace {

using namespace std::chrono_literals;

/// 2026-11-22, 03:00 in Berlin.
constexpr wall_time three_o_clock{std::chrono::seconds{1'795'312'800}};

job_record nightly() {
  job_record job;
  job.id = "20261122T020000000";
  job.trigger = "schedule";
  job.correlation = "8f0e6a52-1d2c-4b3a-9c4d-5e6f70819203";
  job.started = three_o_clock;
  job.finished = three_o_clock + 62'400ms;
  job.outcome = job_outcome::partial;
  job.counts = {{"rows_stored", 4321},
                {"rows_bad", 2},
                {"days_observed", 1},
                {"patterns", 12},
                {"suggestions", 3}};
  job.problem = "check: unavailable: detector is down";
  job.phases = {{"read", true, "", 400},
                {"check", false, "unavailable: detector is down", 2'000}};
  return job;
}

home_calendar berlin() {
  return *home_calendar::open("Europe/Berlin");
}

TEST_CASE("durations are written as people say them") {
  CHECK(duration_text(0ms) == "0.0 s");
  CHECK(duration_text(59'999ms) == "59.9 s");
  CHECK(duration_text(185s) == "3 min 05 s");
  CHECK(duration_text(7'800s) == "2 h 10 min");
  CHECK(duration_text(-5s) == "0.0 s"); // the clock was set back
}

TEST_CASE("jobs are a table in home time") {
  auto running = nightly();
  running.id = "20261122T020500000";
  running.started += 5min;
  running.finished = {};
  running.outcome = job_outcome::running;
  running.problem.clear();

  const auto text = jobs_table({running, nightly()}, berlin(), three_o_clock + 5min + 3s);

  CHECK(
    text ==
    "id                  kind      trigger   started              duration    outcome  "
    "rows  days  patterns  suggestions  problem\n"
    "20261122T020500000  analysis  schedule  2026-11-22 03:05:00  3.0 s       running  "
    "4321     1        12            3\n"
    "20261122T020000000  analysis  schedule  2026-11-22 03:00:00  1 min 02 s  partial  "
    "4321     1        12            3  check: unavailable: detector is down\n");
}

TEST_CASE("one job is shown whole, with its phases") {
  auto job = nightly();
  job.resumes = "20261122T015900000";
  job.notes = {"home.csv:17: no time"};

  const auto text = job_text(job, berlin(), three_o_clock + 1h);

  CHECK_THAT(text,
             Catch::Contains("correlation  8f0e6a52-1d2c-4b3a-9c4d-5e6f70819203\n") &&
               Catch::Contains("resumes      20261122T015900000\n") &&
               Catch::Contains("started      2026-11-22 03:00:00 (Europe/Berlin)\n") &&
               Catch::Contains("duration     1 min 02 s\n") &&
               Catch::Contains("rows         4321 stored, 2 unreadable\n") &&
               Catch::Contains("phases       read      ok") &&
               Catch::Contains("check     failed       2.0 s  unavailable: detector") &&
               Catch::Contains("left out     home.csv:17: no time\n"));
}

TEST_CASE("a problem that names a strange file doesn't command the terminal") {
  auto job = nightly();
  job.problem = "read: \033[2Jx\ny";

  CHECK_THAT(jobs_table({job}, berlin(), three_o_clock),
             Catch::Contains("read:  [2Jx y\n"));
  CHECK_THAT(job_text(job, berlin(), three_o_clock), !Catch::Contains("\033"));
}

} // namespace
} // namespace habitd
