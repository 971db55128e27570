#include "tools/habitd/analyze_command.hpp"

#include "actors/home/open_source.hpp"
#include "tools/habitd/analyze.hpp"
#include "tools/habitd/daemon.hpp"
#include "tools/habitd/exit_code.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace habitd {

namespace {

/// Options of everything that reads a file of events.
void add_source_options(CLI::App& parser, analyze_request& request, bool file_needed) {
  auto* group = parser.add_option_group("source");
  group->add_option("--recorder,--events", request.file,
                    "Home Assistant's home-assistant_v2.db, or another log");
  if (file_needed)
    group->require_option(1);
  std::string formats;
  for (const auto& format : known_formats())
    formats += fmt::format("\n  {:<10} {}", format.name, format.description);
  parser.add_option("--format", request.format,
                    "Layout of the file, if looking at it is not enough:" + formats);
  parser.add_option("--time-zone", request.time_zone,
                    "IANA zone of the home (default: this machine's)");
  parser
    .add_option("--days", request.days, "Only the last N days of the file (default: all)")
    ->check(CLI::Range(1, 36'500));
  parser.add_option("--machine-user", request.machine_users,
                    "Home Assistant user id that is a program's");
  parser.add_option("--include", request.include, "Only entities like this glob");
  parser.add_option("--exclude", request.exclude, "No entities like this glob");
  parser.add_flag("--json", request.json, "Print one JSON object");
}

} // namespace

command add_analyze(CLI::App& app) {
  const auto kept = std::make_shared<analyze_request>();
  auto& request = *kept;
  auto* parser = app.add_subcommand("analyze", "Find the habits in a file of events");
  add_source_options(*parser, request, true);
  parser->add_option("--state", request.state_dir,
                     "Directory to keep what was learned (default: nothing is kept)");
  parser->add_flag("--quiet", request.quiet, "No progress bar");
  return {parser, [kept] { return analyze(*kept); }};
}

command add_try(CLI::App& app) {
  const auto kept = std::make_shared<try_request>();
  auto& request = *kept;
  auto* parser =
    app.add_subcommand("try", "Analyse a file or a demo home, then serve the result");
  add_source_options(*parser, request.analyze, false);
  parser->add_flag("--demo", request.demo, "Simulate a home instead of reading a file");
  parser->add_flag("--once", request.once, "End after printing");
  parser->add_option("--port", request.port, "HTTP port, 0 = any (default: 8380)")
    ->check(CLI::Range(0, 65'535));
  return {parser, [kept] {
            if (kept->demo || !kept->analyze.file.empty())
              return try_home(*kept);
            fmt::print(stderr,
                       "habitd: try needs --recorder FILE, --events FILE or --demo\n");
            return int{exit_usage};
          }};
}

} // namespace habitd
