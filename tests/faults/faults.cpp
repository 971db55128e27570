// Disturbs habitd in every way that a home does (power, disk, crashes) and compares with an
// undisturbed run. Each scenario is made from a seed, which is printed when something that
// must hold doesn't.

#include "tests/faults/scenario.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

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
  const auto* cuts = app.add_subcommand("cuts", "Power cuts");
  CLI11_PARSE(app, argc, argv);
  spdlog::set_default_logger(spdlog::stderr_color_mt("habitd"));
  spdlog::set_level(verbose ? spdlog::level::debug : spdlog::level::off);
  bool held = false;
  if (cuts->parsed())
    held = power_cuts(times);
  return held ? 0 : 1;
}
