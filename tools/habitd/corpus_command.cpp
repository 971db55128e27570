#include "tools/habitd/corpus_command.hpp"

#include "tools/habitd/corpus.hpp"

#include <CLI/CLI.hpp>

namespace habitd {

namespace {

void add_search_options(CLI::App& part, corpus_request& request) {
  part.add_option("--domain", request.domain, "Works with entities like light");
  part.add_option("--device-class", request.device_class, "Like motion");
  part.add_option("--integration", request.integration, "Like zha");
  part.add_option("--use-case", request.purpose,
                  "energy, comfort, security or convenience");
  part.add_option("--min-quality", request.least_quality, "At least this")
    ->check(CLI::Range(0.0, 1.0));
  part.add_flag("--blueprints", request.blueprints_only, "Blueprints only");
  part.add_flag("--trending", request.trending_only, "What gains votes of late");
  part.add_flag("--runnable", request.runnable_only, "What this home can run");
}

} // namespace

command add_corpus(CLI::App& app) {
  const auto kept = std::make_shared<corpus_request>();
  auto& request = *kept;
  auto* parser = app.add_subcommand("corpus", "Ask the community corpus");
  parser->require_subcommand(1);
  parser->add_option("--config", request.config_file,
                     "habitd.yaml (default: every default)");
  parser->add_option("--registry", request.registry,
                     "Folder of Home Assistant's registries (default: as the config "
                     "says)");
  parser->add_option("--limit", request.limit, "At most N (default: 20)")
    ->check(CLI::Range(1, 100'000));
  parser->add_flag("--json", request.json, "Print one JSON object");
  const auto add = [&](const char* name, const char* what, corpus_action action) {
    auto* part = parser->add_subcommand(name, what);
    part->fallthrough()->callback([&request, action] { request.action = action; });
    return part;
  };
  auto* search = add("search", "Entries with these words", corpus_action::search);
  search->add_option("text", request.text, "Words, each of which must occur");
  add_search_options(*search, request);
  auto* show = add("show", "One entry", corpus_action::show);
  show->add_option("id", request.text, "As listed")->required();
  show->add_flag("--yaml", request.yaml, "Its YAML as it was posted");
  auto* match =
    add("match", "What this home can run, or how one entry fits", corpus_action::match);
  match->add_option("id", request.text, "As listed (default: all)");
  add_search_options(*match, request);
  add("stats", "What is in it", corpus_action::stats);
  auto* audit =
    add("audit", "What was added, changed, taken and why", corpus_action::audit);
  audit->add_option("--since", request.since, "A date like 2026-11-22");
  audit->add_option("--operation", request.operation,
                    "add, update, remove, prune or restore");
  add("restore", "Take a pruned entry back, within 30 days", corpus_action::restore)
    ->add_option("id", request.text, "As in the audit log")
    ->required();
  auto* exported = add("export", "Write the corpus to a file", corpus_action::export_to);
  exported->add_option("file", request.text, "Where to")->required();
  exported->add_flag("--yaml", request.yaml,
                     "With the authors' YAML, which may not be yours to publish");
  add("import", "Add the entries of an exported file", corpus_action::import_from)
    ->add_option("file", request.text, "Plain or compressed")
    ->required();
  add("possibilities", "What can be done with an entity", corpus_action::possibilities)
    ->add_option("entity", request.text, "light.kitchen, light or binary_sensor:motion")
    ->required();
  add("recommend", "Which device would unlock the most", corpus_action::recommend);
  return {parser, [kept] { return corpus(*kept); }};
}

} // namespace habitd
