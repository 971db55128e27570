// Disturbs habitd in every way that a home does (power, disk, crashes) and compares with an
// undisturbed run. Each scenario is made from a seed, which is printed when something that
// must hold doesn't.

#include "tests/faults/scenario.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <functional>

using namespace habitd::faults;

int main(int argc, char** argv) {
  CLI::App app{"Disturbs habitd and compares with an undisturbed run"};
  app.require_subcommand(1);
  app.fallthrough();
  bool verbose = false;
  app.add_flag("-v,--verbose", verbose, "What habitd logs, on standard error");
  repetition times;
  app.add_option("--seed", times.seed, "The first seed");
  app.add_option("--count", times.count, "Cuts, homes, runs or kills");
  app.add_option("--every", times.every, "Sweep, every so many calls")
    ->check(CLI::PositiveNumber);
  app.add_option("--days", times.days, "Of a simulated year")->check(CLI::Range(8, 3650));
  app.add_option("--seconds", times.seconds, "Of a slow disk, in each job");
  app.add_flag("--repeat", times.repeat, "Each year twice, for the same digest");
  std::function<bool(const repetition&)> scenario;
  const auto add = [&](const char* name, const char* what, auto* run) {
    app.add_subcommand(name, what)->callback([&scenario, run] { scenario = run; });
  };
  add("cuts", "Power goes at a random call to the disk", power_cuts);
  add("sweep", "Each call to the disk fails once", call_sweep);
  add("full", "The disk is full for a while", full_disk);
  add("flips", "Stored bits turn over", bit_flips);
  add("kills", "The program is killed", kills);
  add("calls", "A call of the program to its disk fails", disk_calls);
  add("memory", "The program gets too little memory", little_memory);
  add("slow", "The disk of the daemon is slow", slow_disk);
  add("stops", "The daemon is told to stop within a job", stops);
  add("year", "All actors through a year of virtual time", year);
  CLI11_PARSE(app, argc, argv);
  spdlog::set_default_logger(spdlog::stderr_color_mt("habitd"));
  spdlog::set_level(verbose ? spdlog::level::debug : spdlog::level::off);
  return scenario(times) ? 0 : 1;
}
