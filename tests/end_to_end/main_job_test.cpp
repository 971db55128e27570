// The main job as a user runs it.

#include "tests/end_to_end/program.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <csignal>

namespace habitd {
namespace {

namespace json = boost::json;

json::object simulated_findings(const std::string& file, bool days = false) {
  std::vector<std::string> arguments{habitd_path(), "analyze",       "--events", file,
                                     "--time-zone", "Europe/Berlin", "--json"};
  if (days)
    arguments.insert(arguments.end(), {"--days", "14"});
  const auto result = run_program(arguments);
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  return json::parse(result.out).as_object();
}

TEST_CASE("a simulated home gives the same findings from NDJSON and from the recorder") {
  const test_directory dir;
  REQUIRE(run_program({habitd_path(), "simulate", dir / "home", "--days", "30",
                       "--entities", "60", "--events-per-day", "3000"})
            .exit_code == 0);

  const auto from_recorder = simulated_findings(dir / "home/home-assistant_v2.db");
  const auto from_lines = simulated_findings(dir / "home/events.ndjson");

  CHECK(from_recorder.at("patterns").as_array().size() > 4);
  CHECK(from_recorder.at("suggestions").as_array().size() > 2);
  CHECK(from_recorder.at("patterns") == from_lines.at("patterns"));
  CHECK(from_recorder.at("suggestions") == from_lines.at("suggestions"));
}

TEST_CASE("a source is gone on with, by whatever name it is called") {
  const test_directory dir;
  REQUIRE(run_program({habitd_path(), "simulate", dir / "home", "--days", "14",
                       "--entities", "60", "--recorder-only"})
            .exit_code == 0);
  const auto rows_by_name = [&dir](const std::string& name) {
    const auto result =
      run_program({"/usr/bin/env", "-C", dir / "home", habitd_path(), "analyze",
                   "--recorder", name, "--state", dir / "state", "--json"});
    REQUIRE(result.exit_code == 0);
    return json::parse(result.out).at("input").at("rows").to_number<std::int64_t>();
  };

  const auto rows = rows_by_name("home-assistant_v2.db");

  CHECK(rows_by_name("home-assistant_v2.db") == rows); // none is read again
  CHECK(rows_by_name("../home/home-assistant_v2.db") == rows);
  CHECK(rows_by_name(dir / "home/home-assistant_v2.db") == rows);
}

TEST_CASE("the config reference in docs is what the program says") {
  const auto printed = run_program({habitd_path(), "config", "reference"});

  CHECK(printed.exit_code == 0);
  CHECK(printed.out == read_file(HABITD_SOURCE_DIR "/docs/config.md"));
}

TEST_CASE("two runs give the same output, but for the time they took") {
  const test_directory dir;
  REQUIRE(run_program({habitd_path(), "simulate", dir / "home", "--days", "21",
                       "--entities", "60", "--events-per-day", "1000"})
            .exit_code == 0);

  auto first = simulated_findings(dir / "home/events.ndjson");
  auto second = simulated_findings(dir / "home/events.ndjson");
  first.erase("timing");
  second.erase("timing");

  CHECK(first == second);
}

TEST_CASE("every pattern and suggestion has the fields that the contract names") {
  const test_directory dir;
  REQUIRE(run_program({habitd_path(), "simulate", dir / "home", "--days", "28",
                       "--entities", "60", "--events-per-day", "1000"})
            .exit_code == 0);
  const auto all = simulated_findings(dir / "home/home-assistant_v2.db");

  for (const auto& pattern : all.at("patterns").as_array())
    for (const auto* field :
         {"id", "detector", "entities", "states", "time", "weekdays", "support_days",
          "eligible_days", "effect", "p", "q", "status", "dates"})
      CHECK(pattern.as_object().contains(field));
  for (const auto& suggestion : all.at("suggestions").as_array())
    for (const auto* field : {"pattern", "title", "reason", "yaml", "back_test"})
      CHECK(suggestion.as_object().contains(field));
  const auto& input = all.at("input").as_object();
  std::uint64_t left_out = 0;
  for (const auto& [name, count] : input.at("filters").as_object())
    left_out += count.to_number<std::uint64_t>();
  CHECK(input.at("rows").to_number<std::uint64_t>() ==
        input.at("kept").to_number<std::uint64_t>() + left_out);
  CHECK(all.at("timing").as_object().contains("cpu_seconds"));
}

TEST_CASE("a number of days keeps to the last days of a file") {
  const test_directory dir;
  REQUIRE(run_program({habitd_path(), "simulate", dir / "home", "--days", "28",
                       "--entities", "60", "--events-per-day", "1000"})
            .exit_code == 0);

  const auto all = simulated_findings(dir / "home/events.ndjson", true);

  for (const auto& pattern : all.at("patterns").as_array())
    CHECK(pattern.as_object().at("eligible_days").to_number<int>() <= 14);
}

TEST_CASE("the demo home shows habits and automations, and serves until it is stopped") {
  program demo{{habitd_path(), "try", "--demo", "--port", "0"}};

  const auto url = demo.wait_for("Serving on http://127.0.0.1:");
  demo.signal(SIGTERM);
  const auto result = demo.wait();

  CHECK(url);
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, Catch::Contains("Habits") && Catch::Contains("of") &&
                           Catch::Contains("trigger: time") &&
                           Catch::Contains("it would have run"));
}

TEST_CASE("a run that was interrupted by a signal leaves no directory behind") {
  const test_directory dir;
  setenv("TMPDIR", dir.path().c_str(), 1);
  {
    program demo{{habitd_path(), "try", "--demo", "--port", "0"}};
    unsetenv("TMPDIR");
    REQUIRE(demo.wait_for("A demo home"));

    demo.signal(SIGINT);
    CHECK(demo.wait().exit_code == 128 + SIGINT);
  }

  CHECK(std::filesystem::is_empty(dir.path()));
}

} // namespace
} // namespace habitd
