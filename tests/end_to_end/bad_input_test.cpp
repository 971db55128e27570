// What a user sees when the input is wrong: a message that names the file and the place.

#include "tests/end_to_end/program.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <functional>

namespace habitd {
namespace {

program_result analyze(const std::string& file, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{habitd_path(), "analyze",     "--events",
                                     file,          "--time-zone", "UTC"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_program(arguments);
}

void make_database(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
}

std::string csv_days(int days, const std::string& in_the_middle) {
  std::string csv = "entity_id,state,last_changed\n";
  for (int day = 1; day <= days; ++day) {
    const auto date = "2026-01-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
    csv += "light.kitchen,on," + date + "T07:00:00Z\n";
    csv += "light.kitchen,off," + date + "T08:00:00Z\n";
    if (day == days / 2)
      csv += in_the_middle;
  }
  return csv;
}

TEST_CASE("a missing file is named") {
  const auto result = analyze("/no/such/file.csv");

  CHECK(result.exit_code == 3);
  CHECK_THAT(result.err, Catch::Contains("/no/such/file.csv"));
}

TEST_CASE("a file that is no log of events is refused with the formats that would do") {
  const test_directory dir;
  write_file(dir / "notes.txt", "Dear diary,\ntoday I did nothing.\n");

  const auto result = analyze(dir / "notes.txt");

  CHECK(result.exit_code == 3);
  CHECK_THAT(result.err, Catch::Contains("notes.txt") && Catch::Contains("recorder"));
}

TEST_CASE("a database that is none, or cut off, or of another program is refused") {
  const test_directory dir;
  write_file(dir / "fake.db", std::string(5000, 'x'));
  make_database(dir / "other.db", "CREATE TABLE songs (title TEXT);");
  make_database(
    dir / "whole.db",
    "CREATE TABLE states (state_id INTEGER PRIMARY KEY, entity_id TEXT, state "
    "TEXT, last_changed_ts FLOAT, last_updated_ts FLOAT, old_state_id INTEGER);"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
    "5000) INSERT INTO states SELECT i, 'light.a', i % 2, NULL, 1.7e9 + i, i - 1 "
    "FROM n;");
  const auto whole = read_file(dir / "whole.db");
  write_file(dir / "cut.db", whole.substr(0, whole.size() / 2));

  for (const auto* name : {"fake.db", "other.db", "cut.db"}) {
    INFO(name);
    const auto result = analyze(dir / name, {"--format", "recorder"});
    CHECK(result.exit_code != 0);
    CHECK_THAT(result.err, Catch::Contains(name));
  }
  CHECK_THAT(analyze(dir / "other.db", {"--format", "recorder"}).err,
             Catch::Contains("states"));
}

TEST_CASE("a bad row in the middle is named and left out, the rest is analysed") {
  const test_directory dir;
  write_file(dir / "home.csv", csv_days(20, "light.kitchen,on,yesterday\n"));

  const auto result = analyze(dir / "home.csv");

  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, Catch::Contains("home.csv:22") && Catch::Contains("41 rows") &&
                           Catch::Contains("1 unreadable"));
}

TEST_CASE("a line of 10 MB is left out") {
  const test_directory dir;
  write_file(dir / "home.csv", csv_days(20, std::string(10'000'000, 'a') + "\n"));

  const auto result = analyze(dir / "home.csv");

  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, Catch::Contains("1 unreadable"));
}

TEST_CASE("times before 1980 and after 2100 are left out") {
  const test_directory dir;
  write_file(dir / "home.csv", csv_days(20, "light.kitchen,on,1970-01-01T00:00:07Z\n"
                                            "light.kitchen,on,2199-01-01T00:00:00Z\n"));

  const auto result = analyze(dir / "home.csv");

  CHECK(result.exit_code == 0);
  CHECK_THAT(result.out, Catch::Contains("2 with an impossible time"));
}

TEST_CASE("a time zone that does not exist is named") {
  const test_directory dir;
  write_file(dir / "home.csv", csv_days(3, ""));

  const auto result = run_program({habitd_path(), "analyze", "--events", dir / "home.csv",
                                   "--time-zone", "Europe/Atlantis"});

  CHECK(result.exit_code == 3);
  CHECK_THAT(result.err, Catch::Contains("Europe/Atlantis"));
}

TEST_CASE("a state directory that is a file is named") {
  const test_directory dir;
  write_file(dir / "home.csv", csv_days(3, ""));
  write_file(dir / "state", "in the way");

  const auto result = analyze(dir / "home.csv", {"--state", dir / "state"});

  CHECK(result.exit_code == 4);
  CHECK_THAT(result.err, Catch::Contains(dir / "state"));
}

TEST_CASE("a busy port is named, with what to do") {
  const test_directory dir;
  write_file(dir / "home.csv", csv_days(3, ""));
  const std::vector<std::string> arguments{habitd_path(), "try", "--events",
                                           dir / "home.csv", "--port"};
  auto with_port = [&](const std::string& port) {
    auto all = arguments;
    all.push_back(port);
    return all;
  };
  program first{with_port("0")};
  const auto url = first.wait_for("Serving on http://127.0.0.1:");
  REQUIRE(url);
  const auto port = url->substr(0, url->find('/'));

  const auto second = run_program(with_port(port));

  CHECK(second.exit_code == 4);
  CHECK_THAT(second.err, Catch::Contains("127.0.0.1:" + port));
}

TEST_CASE("a command line that makes no sense ends with code 2") {
  CHECK(run_program({habitd_path()}).exit_code == 2);
  CHECK(run_program({habitd_path(), "analyse"}).exit_code == 2);
  CHECK(run_program({habitd_path(), "analyze"}).exit_code == 2);
  CHECK(
    run_program({habitd_path(), "analyze", "--days", "-3", "--events", "x"}).exit_code ==
    2);
}

} // namespace
} // namespace habitd
