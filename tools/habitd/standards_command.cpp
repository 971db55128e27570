#include "tools/habitd/standards_command.hpp"

#include "tools/habitd/standards.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace habitd {

namespace {

CLI::App* add_part(CLI::App& command, standards_request& request, const char* name,
                   const char* what, standards_action action) {
  auto* part = command.add_subcommand(name, what);
  part->fallthrough()->callback([&request, action] { request.action = action; });
  return part;
}

void add_id(CLI::App* part, standards_request& request) {
  part->add_option("id", request.id, "As listed")->required();
}

} // namespace

command add_standards(CLI::App& app) {
  const auto kept = std::make_shared<standards_request>();
  auto& request = *kept;
  auto* parser = app.add_subcommand("standards", "Documents that stay fresh");
  parser->require_subcommand(1);
  parser->add_option("--config", request.config_file,
                     "habitd.yaml (default: every default)");
  parser->add_option("--url", request.url, "Of the daemon (default: as the config says)");
  parser->add_flag("--json", request.json, "Print JSON");
  using action = standards_action;
  add_part(*parser, request, "list", "All documents", action::list);
  add_id(add_part(*parser, request, "show", "The text of one", action::show), request);
  add_id(add_part(*parser, request, "refresh", "Fetch the newest text of one",
                  action::refresh),
         request);
  add_id(add_part(*parser, request, "history", "The versions of one", action::history),
         request);
  auto* diff = add_part(*parser, request, "diff", "What changed in one", action::diff);
  add_id(diff, request);
  diff->add_option("--from", request.from, "A version (default: the one before)");
  diff->add_option("--to", request.to, "A version (default: the current one)");
  auto* rollback = add_part(*parser, request, "rollback",
                            "Make another version of one current", action::rollback);
  add_id(rollback, request);
  rollback->add_option("version", request.version, "Default: the one before");
  add_part(*parser, request, "queue", "What waits to be refreshed", action::queue);
  auto* settings =
    add_part(*parser, request, "settings", "Show or change how documents are refreshed",
             action::settings);
  settings->add_option("id", request.id, "Of one document (default: of all)");
  const auto on_or_off = CLI::IsMember({"on", "off"});
  settings->add_option("--auto-update", request.auto_update, "on or off, for one")
    ->check(on_or_off)
    ->needs("id");
  settings
    ->add_option("--threshold-days", request.threshold_days,
                 "When one is stale; 0 = as all")
    ->check(CLI::Range(0, 3650))
    ->needs("id");
  settings->add_option("--turn", request.turn, "on or off: refreshes of all")
    ->check(on_or_off)
    ->excludes("id");
  return {parser, [kept] { return standards(*kept); }};
}

} // namespace habitd
