#include "actors/runtime/schedule.hpp"

#include "actors/runtime/clock_doubt.hpp"
#include "messages/time_text.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <random>
#include <set>

namespace habitd {
namespace {

using namespace std::chrono_literals;

using std::chrono::minutes;

std::shared_ptr<const home_calendar> berlin() {
  static const auto calendar =
    std::make_shared<const home_calendar>(*home_calendar::open("Europe/Berlin"));
  return calendar;
}

wall_time at(const char* utc) {
  const auto parsed = parse_utc(std::string{utc} + ":00.000Z");
  REQUIRE(parsed);
  return *parsed;
}

scheduled_job job(const char* name, const char* when) {
  scheduled_job result;
  result.name = name;
  result.when = *parse_cron(when);
  return result;
}

/// A schedule whose jobs end as soon as they begin, and when they ran.
struct quick_jobs {
  schedule plan;
  std::vector<wall_time> runs;

  explicit quick_jobs(scheduled_job what, const char* zone = "Europe/Berlin")
      : plan{std::make_shared<const home_calendar>(*home_calendar::open(zone)), "home"} {
    plan.add(std::move(what), {});
  }

  std::size_t look(wall_time now) {
    plan.settle(now);
    const auto due = plan.due_at(now);
    for (const auto& run : due) {
      plan.begin(run.job, plan.begun(run, now, "schedule"));
      plan.end(run.job, job_outcome::ok);
      runs.push_back(now);
    }
    return due.size();
  }
};

TEST_CASE("a job is due once when its time has come, not before and not again") {
  quick_jobs jobs{job("daily", "0 3 * * *")};
  CHECK(jobs.look(at("2026-01-10T12:00")) == 0); // the first look starts nothing

  CHECK(jobs.look(at("2026-01-11T01:59")) == 0);
  CHECK(jobs.look(at("2026-01-11T02:00")) == 1);
  CHECK(jobs.look(at("2026-01-11T02:00")) == 0);
  CHECK(jobs.look(at("2026-01-11T23:00")) == 0);
}

TEST_CASE("downtime of one minute to 400 days gives one run, if any time was missed") {
  std::mt19937_64 random{1};
  const auto dates_reached = [](wall_time now) {
    return std::chrono::floor<std::chrono::days>(now - (2h + 30min));
  };
  int missed = 0;
  for (int i = 0; i < 10'000; ++i) {
    quick_jobs jobs{job("daily", "30 2 * * *"), "UTC"};
    const auto down = at("2024-01-01T00:00") + minutes{random() % (800 * 1440)};
    const auto longest = i % 2 == 0 ? 400 * 1440U : 2 * 1440U;
    const auto up = down + minutes{1 + random() % longest};
    const auto due = dates_reached(up) > dates_reached(down);
    jobs.look(down);

    REQUIRE(jobs.look(up) == (due ? 1U : 0U));
    REQUIRE(jobs.look(up) == 0);

    missed += due ? 1 : 0;
  }
  CHECK(missed > 5000);
  CHECK(missed < 9500);
}

TEST_CASE("a run is called missed only after the grace, and may then be left out") {
  auto what = job("hourly", "0 * * * *");
  what.makes_up = false;
  what.misfire_grace = 10min;
  schedule plan{berlin(), "home"};
  plan.add(what, {});
  plan.settle(at("2026-01-10T11:30"));

  plan.settle(at("2026-01-10T12:10"));
  REQUIRE(plan.due_at(at("2026-01-10T12:10")).size() == 1);
  CHECK_FALSE(plan.due_at(at("2026-01-10T12:10"))[0].missed);
  CHECK(plan.due_at(at("2026-01-10T12:11"))[0].missed);
  CHECK(plan.settle(at("2026-01-10T12:11")).size() == 1);

  CHECK(plan.due_at(at("2026-01-10T12:11")).empty());
  CHECK(plan.due_at(at("2026-01-10T13:00")).size() == 1);
}

TEST_CASE("a clock that is set back does not run a finished date again") {
  quick_jobs jobs{job("daily", "0 3 * * *")};
  for (auto now = at("2026-01-10T12:00"); now < at("2026-01-15T12:00"); now += 1h)
    jobs.look(now);
  REQUIRE(jobs.runs.size() == 5);

  for (auto now = at("2026-01-12T12:00"); now < at("2026-01-17T12:00"); now += 1h)
    jobs.look(now);

  CHECK(jobs.runs.size() == 7); // the 16th and 17th
}

TEST_CASE("a clock that was years ahead costs one run and no later date") {
  quick_jobs jobs{job("daily", "0 3 * * *")};
  jobs.look(at("2026-01-10T12:00"));

  CHECK(jobs.look(at("2037-06-01T12:00")) == 1);
  CHECK(jobs.look(at("2026-01-10T13:00")) == 0);
  CHECK(jobs.look(at("2026-01-11T02:00")) == 1);
  CHECK(jobs.look(at("2026-01-12T02:00")) == 1);
}

TEST_CASE("a job that runs is not started again; what came due meanwhile makes one run") {
  schedule plan{berlin(), "home"};
  plan.add(job("often", "*/10 * * * *"), {});
  plan.settle(at("2026-01-10T12:00"));
  const auto first = plan.due_at(at("2026-01-10T12:10"));
  REQUIRE(first.size() == 1);
  plan.begin(0, plan.begun(first[0], at("2026-01-10T12:10"), "schedule"));

  CHECK(plan.due_at(at("2026-01-10T12:45")).empty());
  CHECK(plan.entry(0, at("2026-01-10T12:45")).waiting_for == "often");
  plan.end(0, job_outcome::ok);

  const auto second = plan.due_at(at("2026-01-10T12:45"));
  REQUIRE(second.size() == 1);
  CHECK(second[0].due == at("2026-01-10T12:40"));
}

TEST_CASE("of the jobs of a group one runs at a time, the longest due first") {
  schedule plan{berlin(), "home"};
  for (auto [name, when] : {std::pair{"analysis", "0 3 * * *"},
                            {"refresh", "30 2 * * *"},
                            {"alone", "0 3 * * *"}}) {
    auto what = job(name, when);
    what.group = std::string{name} == "alone" ? "" : "corpus";
    plan.add(what, {});
  }
  const auto now = at("2026-01-11T02:00");
  plan.settle(at("2026-01-10T12:00"));

  const auto first = plan.due_at(now);
  REQUIRE(first.size() == 2);
  CHECK(plan.job(first[0].job).name == "refresh");
  CHECK(plan.job(first[1].job).name == "alone");
  plan.begin(first[0].job, plan.begun(first[0], now, "schedule"));
  CHECK(plan.entry(0, now).waiting_for == "refresh");
  CHECK(plan.due_at(now).size() == 1); // "alone", which was not begun

  plan.end(first[0].job, job_outcome::ok);
  CHECK(plan.job(plan.due_at(now)[0].job).name == "analysis");
}

TEST_CASE("jitter is the same every time, differs between homes and fills its range") {
  std::set<std::chrono::milliseconds> seen;
  std::chrono::milliseconds least = 1h, most = 0ms;
  for (int home = 0; home < 1000; ++home) {
    const auto jitter = jitter_of("home" + std::to_string(home), "refresh", 5min);
    CHECK(jitter == jitter_of("home" + std::to_string(home), "refresh", 5min));
    seen.insert(jitter);
    least = std::min(least, jitter);
    most = std::max(most, jitter);
  }

  CHECK(seen.size() > 950);
  CHECK(least >= 0ms);
  CHECK(least < 10s);
  CHECK(most > 4min + 50s);
  CHECK(most <= 5min);
  CHECK(jitter_of("home", "analysis", 0ms) == 0ms);
}

TEST_CASE("a job with jitter runs that much later, once a day") {
  auto what = job("refresh", "0 3 * * *");
  what.max_jitter = 5min;
  const auto jitter = jitter_of("home", "refresh", 5min);
  REQUIRE(jitter > 1s);
  quick_jobs jobs{what};
  jobs.look(at("2026-01-10T12:00"));

  CHECK(jobs.look(at("2026-01-11T02:00") + jitter - 1ms) == 0);
  CHECK(jobs.look(at("2026-01-11T02:00") + jitter) == 1);
  CHECK(jobs.look(at("2026-01-11T04:00")) == 0);
  CHECK(jobs.plan.entry(0, at("2026-01-11T04:00")).next_run ==
        at("2026-01-12T02:00") + jitter);
}

TEST_CASE("a clock is doubted before 2020 and until systemd has synchronised it") {
  auto name = (std::filesystem::temp_directory_path() / "habitd-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()));
  const std::filesystem::path directory = name;
  const auto now = at("2026-01-10T12:00");

  CHECK(clock_doubt(at("1970-01-01T00:05"), directory / "absent") ==
        "the clock shows 1970-01-01, so it was never set");
  CHECK(clock_doubt(now, directory / "absent").empty());
  CHECK(clock_doubt(now, directory) == "systemd has not synchronised the clock yet");
  std::ofstream{directory / "synchronized"}.close();
  CHECK(clock_doubt(now, directory).empty());

  std::filesystem::remove_all(directory);
}

} // namespace
} // namespace habitd
