#include "actors/community/clean_text.hpp"
#include "actors/community/parse_topic.hpp"
#include "actors/community/read_inputs.hpp"
#include "actors/community/read_steps.hpp"
#include "actors/community/shingles.hpp"
#include "actors/community/yaml_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>

namespace habitd {

namespace {

using documents = std::vector<read_document>;
using reading = std::variant<documents, yaml_failure>;

constexpr std::size_t most_automations = 100; // of one list

yaml_failure failure_at(const yaml_node& node, std::string why) {
  return {node.line, node.column, std::move(why)};
}

/// The reason of an error like "12:5: the input …", which says where itself.
yaml_failure failure_of(const error& failed) {
  auto text = describe(failed);
  if (const auto colon = text.find(": "); colon != std::string::npos)
    text.erase(0, colon + 2); // the code
  yaml_failure result;
  int used = 0;
  if (std::sscanf(text.c_str(), "%zu:%zu: %n", &result.line, &result.column, &used) == 2)
    text.erase(0, static_cast<std::size_t>(used));
  result.why = text;
  return result;
}

std::optional<blueprint_domain> domain_named(const std::string& name) {
  if (name == "automation")
    return blueprint_domain::automation;
  if (name == "script")
    return blueprint_domain::script;
  if (name == "template")
    return blueprint_domain::template_entity;
  return std::nullopt;
}

std::variant<blueprint_facts, yaml_failure> facts_of_header(const yaml_node& header) {
  if (!is_map(&header))
    return failure_at(header, "\"blueprint\" takes keys with their values");
  blueprint_facts facts;
  const auto* name = find(header, "name");
  facts.name = text_of(name);
  if (facts.name.empty())
    return failure_at(name ? *name : header, "the blueprint has no name");
  const auto* domain = find(header, "domain");
  const auto known = domain_named(text_of(domain));
  if (!known)
    return failure_at(domain ? *domain : header,
                      domain ? "the domain is none of automation, script, template"
                             : "the blueprint has no domain");
  facts.domain = *known;
  facts.description = text_of(find(header, "description"));
  facts.author = text_of(find(header, "author"));
  facts.source_url = text_of(find(header, "source_url"));
  if (const auto* version = find(header, "homeassistant"))
    facts.min_version = text_of(find(*version, "min_version"));
  auto inputs = read_inputs(find(header, "input"));
  if (!inputs)
    return failure_of(inputs.error());
  facts.inputs = std::move(*inputs);
  return facts;
}

bool has_steps(const yaml_node& root, const blueprint_facts& facts) {
  if (facts.domain == blueprint_domain::template_entity)
    return root.entries.size() > 1;
  return find_any(root, {"triggers", "trigger", "actions", "action", "sequence"}) ||
         find(root, "use_blueprint");
}

read_document document_of(const yaml_node& root, blueprint_facts facts,
                          const std::string& text) {
  read_steps(root, facts);
  return {std::move(facts), text, content_hash(root), shingles_of(root)};
}

bool is_automation(const yaml_node& node) {
  return is_map(&node) && find_any(node, {"triggers", "trigger"}) &&
         find_any(node, {"actions", "action"});
}

/// The lines of a text from `first` up to, but without, `end`; both from 1.
std::string lines_of(const std::string& text, std::size_t first, std::size_t end) {
  std::size_t line = 1, from = 0;
  for (; line < first && from < text.size(); ++line)
    from = std::min(text.find('\n', from), text.size() - 1) + 1;
  auto to = from;
  for (; line < end && to < text.size(); ++line)
    to = std::min(text.find('\n', to), text.size() - 1) + 1;
  return text.substr(from, to - from);
}

reading automations_of(const yaml_node& root, const std::string& text) {
  documents found;
  const auto* below = find(root, "automation"); // as within configuration.yaml
  const auto items = items_of(below ? below : &root);
  for (std::size_t i = 0; i < items.size() && found.size() < most_automations; ++i) {
    if (!is_automation(*items[i]))
      continue;
    blueprint_facts facts;
    facts.is_blueprint = false;
    facts.name = text_of(find(*items[i], "alias"));
    facts.description = text_of(find(*items[i], "description"));
    const auto end = i + 1 < items.size() ? items[i + 1]->line : text.size() + 2;
    found.push_back(
      document_of(*items[i], std::move(facts),
                  items.size() == 1 ? text : lines_of(text, items[i]->line, end)));
  }
  if (found.empty())
    return failure_at(root, "neither a blueprint nor an automation");
  return found;
}

reading read_plain(const std::string& text) {
  auto read = parse_yaml(text, blueprint_limits);
  if (auto* failed = std::get_if<yaml_failure>(&read))
    return std::move(*failed);
  const auto& root = std::get<yaml_node>(read);
  const auto* header = find(root, "blueprint");
  if (!header)
    return automations_of(root, text);
  auto facts = facts_of_header(*header);
  if (auto* failed = std::get_if<yaml_failure>(&facts))
    return std::move(*failed);
  auto& good = std::get<blueprint_facts>(facts);
  if (!has_steps(root, good))
    return failure_at(*header, "a header alone: neither triggers nor actions");
  return documents{document_of(root, std::move(good), text)};
}

/// The keys at the beginning of lines, up to a colon.
template <class Visit>
void each_key(std::string_view text, Visit visit) {
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    line.remove_prefix(std::min(line.find_first_not_of(" \t-"), line.size()));
    visit(line.substr(0, line.find(':')), line.find(':') != std::string_view::npos);
    at = end + 1;
  }
}

} // namespace

bool looks_like_blueprint(std::string_view text) {
  bool blueprint = false, triggers = false, actions = false;
  each_key(text, [&](std::string_view key, bool has_colon) {
    blueprint |= has_colon && key == "blueprint";
    triggers |= has_colon && (key == "trigger" || key == "triggers");
    actions |= has_colon && (key == "action" || key == "actions");
  });
  return blueprint || (triggers && actions);
}

reading read_blueprint(std::string_view text) {
  if (const auto bad = find_bad_byte(text))
    return yaml_failure{bad->line, bad->column, bad->why};
  const auto plain = plain_lines(text);
  const auto mended = plain.size() <= blueprint_limits.bytes ? repaired(plain) : plain;
  const bool whole = mended == plain || mended == plain + "\n";
  auto as_posted = read_plain(plain);
  if (whole || plain.size() > blueprint_limits.bytes)
    return as_posted;
  const bool reads = std::holds_alternative<documents>(as_posted);
  auto result = read_plain(mended);
  if (!std::holds_alternative<documents>(result))
    return as_posted;
  // Where both read, they differ in quotes that no one wrote into YAML on purpose; tabs
  // within a block of text are left as they are.
  if (reads && std::get<documents>(result).front().hash ==
                 std::get<documents>(as_posted).front().hash)
    return as_posted;
  for (auto& document : std::get<documents>(result))
    document.as_posted = false;
  return result;
}

} // namespace habitd
