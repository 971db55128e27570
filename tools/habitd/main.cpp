#include "actors/home/open_source.hpp"
#include "actors/runtime/fault_point.hpp"
#include "actors/runtime/thrown_error.hpp"
#include "messages/time_text.hpp"
#include "tools/habitd/analyze.hpp"
#include "tools/habitd/daemon.hpp"
#include "tools/habitd/digest_command.hpp"
#include "tools/habitd/exit_code.hpp"
#include "tools/habitd/exit_on_terminate.hpp"
#include "tools/habitd/jobs.hpp"
#include "tools/habitd/log_setup.hpp"
#include "tools/habitd/serve.hpp"
#include "tools/habitd/simulate.hpp"
#include "tools/habitd/standards_command.hpp"
#include "tools/habitd/version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <malloc.h>

namespace {

using namespace habitd;

/// Options of everything that reads a file of events.
void add_source_options(CLI::App& command, analyze_request& request, bool file_needed) {
  auto* group = command.add_option_group("source");
  group->add_option("--recorder,--events", request.file,
                    "Home Assistant's home-assistant_v2.db, or another log");
  if (file_needed)
    group->require_option(1);
  std::string formats;
  for (const auto& format : known_formats())
    formats += fmt::format("\n  {:<10} {}", format.name, format.description);
  command.add_option("--format", request.format,
                     "Layout of the file, if looking at it is not enough:" + formats);
  command.add_option("--time-zone", request.time_zone,
                     "IANA zone of the home (default: this machine's)");
  command
    .add_option("--days", request.days, "Only the last N days of the file (default: all)")
    ->check(CLI::Range(1, 36'500));
  command.add_option("--machine-user", request.machine_users,
                     "Home Assistant user id that is a program's");
  command.add_option("--include", request.include, "Only entities like this glob");
  command.add_option("--exclude", request.exclude, "No entities like this glob");
  command.add_flag("--json", request.json, "Print one JSON object");
}

CLI::App* add_analyze(CLI::App& app, analyze_request& request) {
  auto* command = app.add_subcommand("analyze", "Find the habits in a file of events");
  add_source_options(*command, request, true);
  command->add_option("--state", request.state_dir,
                      "Directory to keep what was learned (default: nothing is kept)");
  command->add_flag("--quiet", request.quiet, "No progress bar");
  return command;
}

CLI::App* add_try(CLI::App& app, try_request& request) {
  auto* command =
    app.add_subcommand("try", "Analyse a file or a demo home, then serve the result");
  add_source_options(*command, request.analyze, false);
  command->add_flag("--demo", request.demo, "Simulate a home instead of reading a file");
  command->add_flag("--once", request.once, "End after printing");
  command->add_option("--port", request.port, "HTTP port, 0 = any (default: 8380)")
    ->check(CLI::Range(0, 65'535));
  return command;
}

CLI::App* add_simulate(CLI::App& app, simulate_request& request, std::string& first) {
  auto* command = app.add_subcommand("simulate", "Write a home with known habits");
  auto& options = request.options;
  command->add_option("directory", request.directory, "Where to write")->required();
  command->add_option("--seed", options.seed, "Same seed, same home");
  command->add_option("--days", options.days, "How many")->check(CLI::Range(1, 3'650));
  command->add_option("--first-date", first, "First day, like 2026-03-02");
  command->add_option("--time-zone", options.time_zone, "IANA zone of the home");
  command->add_option("--entities", options.entities, "How many");
  command->add_option("--events-per-day", options.events_per_day,
                      "Rows of numeric sensors, all together");
  command->add_option("--clock-habits", options.habits.clock, "Things done at a time");
  command->add_option("--triggers", options.habits.triggers,
                      "Things done after another thing");
  command->add_option("--noise-entities", options.distractors.noise,
                      "Things done at random, morning and evening");
  command->add_option("--noise-per-day", options.distractors.noise_per_day.high,
                      "How often each of them is done, at most");
  command->add_flag("--recorder-only", request.recorder_only, "Write no events.ndjson");
  return command;
}

CLI::App* add_digest(CLI::App& app, digest_request& request) {
  auto* command = app.add_subcommand("digest", "Print a digest of what was found");
  command->add_option("--state", request.state_dir, "Directory of the store")->required();
  command->add_option("--without", request.without, "Detectors to leave out")
    ->delimiter(',');
  return command;
}

CLI::App* add_jobs(CLI::App& app, jobs_request& request) {
  auto* command = app.add_subcommand("jobs", "List what was done, begin or cancel it");
  command->require_subcommand(0, 1);
  command->add_option("--config", request.config_file,
                      "habitd.yaml (default: every default)");
  command->add_option("--url", request.url,
                      "Of the daemon (default: as the config says)");
  command->add_option("--limit", request.limit, "The latest N jobs (default: 20)")
    ->check(CLI::Range(1, 1'000));
  command->add_flag("--json", request.json, "Print JSON");
  const auto add = [&](const char* name, const char* what, jobs_action action) {
    auto* part = command->add_subcommand(name, what);
    part->fallthrough()->callback([&request, action] { request.action = action; });
    return part;
  };
  add("show", "One job with its phases", jobs_action::show)
    ->add_option("id", request.id, "As listed")
    ->required();
  add("cancel", "End a running job at its next safe step", jobs_action::cancel)
    ->add_option("id", request.id, "As listed")
    ->required();
  add("run", "Begin an analysis", jobs_action::run);
  return command;
}

int run_command(int argc, char** argv) {
  CLI::App app{"habitd finds the habits of a home and proposes automations."};
  app.require_subcommand(1);
  app.set_version_flag("--version", version);
  bool verbose = false;
  app.add_flag("-v,--verbose", verbose, "Log what happens");

  analyze_request analyze_with;
  try_request try_with;
  simulate_request simulate_with;
  jobs_request jobs_with;
  digest_request digest_with;
  std::string first_date;
  std::filesystem::path config_file;
  const auto* analyze_command = add_analyze(app, analyze_with);
  const auto* try_command = add_try(app, try_with);
  const auto* simulate_command = add_simulate(app, simulate_with, first_date);
  const auto* jobs_command = add_jobs(app, jobs_with);
  standards_request standards_with;
  const auto* standards_command = add_standards(app, standards_with);
  const auto* digest_command = add_digest(app, digest_with);
  auto* run = app.add_subcommand("run", "Run as a daemon");
  run->add_option("--config", config_file, "habitd.yaml (default: every default)");
  auto* config = app.add_subcommand("config", "Look at the configuration");
  config->require_subcommand(1);
  auto* check = config->add_subcommand("check", "Say what is wrong with habitd.yaml");
  const auto* reference =
    config->add_subcommand("reference", "Print all keys as Markdown");
  check->add_option("file", config_file, "habitd.yaml")->required();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    const auto code = app.exit(wrong);
    return code == 0 ? exit_ok : exit_usage;
  }
  const bool daemon = run->parsed();
  spdlog::set_level(verbose  ? spdlog::level::debug
                    : daemon ? spdlog::level::info
                             : spdlog::level::warn);
  if (analyze_command->parsed())
    return analyze(analyze_with);
  if (simulate_command->parsed()) {
    if (!first_date.empty()) {
      const auto date = parse_date(first_date);
      if (!date)
        return fail(date.error());
      simulate_with.options.first_date = *date;
    }
    return simulate(simulate_with);
  }
  if (jobs_command->parsed())
    return jobs(jobs_with);
  if (standards_command->parsed())
    return standards(standards_with);
  if (digest_command->parsed())
    return print_digest(digest_with);
  if (try_command->parsed()) {
    if (!try_with.demo && try_with.analyze.file.empty()) {
      fmt::print(stderr, "habitd: try needs --recorder FILE, --events FILE or --demo\n");
      return exit_usage;
    }
    return try_home(try_with);
  }
  if (reference->parsed()) {
    fmt::print("{}", config_reference());
    return exit_ok;
  }
  return check->parsed() ? check_config(config_file) : run_daemon(config_file);
}

} // namespace

int main(int argc, char** argv) {
  // One heap for all threads: an arena each costs 20 MB at the peak of a busy day, and the
  // threads here seldom allocate at the same time.
  mallopt(M_ARENA_MAX, 1);
  habitd::exit_on_terminate();
  habitd::block_stop_signals(); // before anything starts threads
  log_to_stderr();
  try {
    if (const char* plan = std::getenv("HABITD_FAULTS")) // for tests; not in any config
      if (const auto wrong = plan_faults(plan))
        return fail(wrong);
    return run_command(argc, argv);
  } catch (...) {
    return fail(error_of(std::current_exception()));
  }
}
