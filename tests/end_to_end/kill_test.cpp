// kill -9 in the middle of an analysis costs nothing: the next run ends where an undisturbed
// one does.

#include "tests/end_to_end/program.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

namespace habitd {
namespace {

namespace json = boost::json;

std::vector<std::string> analyze(const std::string& home, const std::string& state) {
  return {habitd_path(),   "analyze", "--recorder", home, "--time-zone",
          "Europe/Berlin", "--json",  "--state",    state};
}

/// What an analysis says of the home; not how long it took.
json::object findings(const std::string& output) {
  auto all = json::parse(output).as_object();
  return {{"patterns", all["patterns"]}, {"suggestions", all["suggestions"]}};
}

TEST_CASE("ten kills at random moments of an analysis change nothing of its result",
          "[kill]") {
  const test_directory dir;
  const auto simulated =
    run_program({habitd_path(), "simulate", dir / "home", "--days", "35", "--entities",
                 "60", "--events-per-day", "20000", "--seed", "4"});
  REQUIRE(simulated.exit_code == 0);
  const auto home = dir / "home/home-assistant_v2.db";
  const auto began = std::chrono::steady_clock::now();
  const auto undisturbed = run_program(analyze(home, dir / "undisturbed"));
  const auto whole = std::chrono::steady_clock::now() - began;
  REQUIRE(undisturbed.exit_code == 0);
  const auto expected = findings(undisturbed.out);
  REQUIRE_FALSE(expected.at("patterns").as_array().empty());
  std::mt19937 random{20261122};
  int killed = 0;

  for (int i = 0; i < 10; ++i) {
    program cut_off{analyze(home, dir / "disturbed")};
    const auto share = std::uniform_real_distribution<>{0.02, 0.9}(random) / (1 + i / 3);
    std::this_thread::sleep_for(
      std::chrono::duration_cast<std::chrono::microseconds>(whole * share));
    cut_off.signal(SIGKILL);
    killed += cut_off.wait().exit_code == 128 + SIGKILL;
  }
  const auto resumed = run_program(analyze(home, dir / "disturbed"));

  CHECK(killed > 0);
  REQUIRE(resumed.exit_code == 0);
  CHECK(findings(resumed.out) == expected);
}

} // namespace
} // namespace habitd
