#include "tools/habitd/jobs_command.hpp"

#include "tools/habitd/jobs.hpp"

#include <CLI/CLI.hpp>

namespace habitd {

command add_jobs(CLI::App& app) {
  const auto kept = std::make_shared<jobs_request>();
  auto& request = *kept;
  auto* parser = app.add_subcommand("jobs", "List what was done, begin or cancel it");
  parser->require_subcommand(0, 1);
  parser->add_option("--config", request.config_file,
                     "habitd.yaml (default: every default)");
  parser->add_option("--url", request.url, "Of the daemon (default: as the config says)");
  parser->add_option("--limit", request.limit, "The latest N jobs (default: 20)")
    ->check(CLI::Range(1, 1'000));
  parser->add_flag("--json", request.json, "Print JSON");
  const auto add = [&](const char* name, const char* what, jobs_action action) {
    auto* part = parser->add_subcommand(name, what);
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
  return {parser, [kept] { return jobs(*kept); }};
}

} // namespace habitd
