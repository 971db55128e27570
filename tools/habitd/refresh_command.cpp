#include "tools/habitd/refresh_command.hpp"

#include "tools/habitd/corpus.hpp"

#include <CLI/CLI.hpp>

namespace habitd {

command add_refresh(CLI::App& app) {
  const auto kept = std::make_shared<refresh_request>();
  auto& request = *kept;
  auto* parser = app.add_subcommand("refresh", "Bring the community corpus up to date");
  parser->add_option("--config", request.config_file,
                     "habitd.yaml (default: every default)");
  parser->add_option("--from", request.from,
                     "Folders, archives or files (default: as the config says)");
  parser->add_option("--since", request.since,
                     "Leave out what did not change since a date like 2026-11-22");
  parser->add_flag("--dry-run", request.dry_run, "Only print what would be done");
  parser->add_flag("--json", request.json, "Print one JSON object");
  parser->add_flag("--quiet", request.quiet, "No progress");
  return {parser, [kept] { return refresh(*kept); }};
}

} // namespace habitd
