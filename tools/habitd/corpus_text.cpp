#include "tools/habitd/corpus_text.hpp"

#include "actors/community/judge.hpp"
#include "messages/time_text.hpp"
#include "storage/corpus_records.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>

namespace habitd {

namespace {

/// As a terminal may have it: one line, no control characters, at most `width` characters.
std::string shown(std::string_view text, std::size_t width) {
  std::string line;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool begins = (byte & 0xc0) != 0x80;
    if (begins && characters == width)
      return line + "…";
    characters += begins;
    line += byte < 0x20 || byte == 0x7f ? ' ' : text[i];
  }
  return line;
}

std::string date_of(wall_time at) {
  return at == wall_time{} ? "-" : format_utc(at).substr(0, 10);
}

void put_row(std::string& to, std::string_view what, const audit_row& row) {
  const auto quality = row.quality_after > 0 ? row.quality_after : row.quality_before;
  fmt::format_to(std::back_inserter(to), "{:<8} {}  {:.2f}  {:<60} {}\n", what, row.id,
                 quality, shown(row.title, 59), shown(row.reason, 100));
}

void put_counts(std::string& to, const char* name,
                const std::vector<name_count>& counts) {
  if (counts.empty())
    return;
  std::vector<std::string> words;
  for (const auto& [each, entries] : counts)
    words.push_back(fmt::format("{} {}", shown(each, 40), entries));
  fmt::format_to(std::back_inserter(to), "{:<16}{}\n", name, fmt::join(words, ", "));
}

constexpr std::size_t most_rows = 200; // of one kind; all of them are in `--json`

} // namespace

std::string plan_text(const corpus_plan& plan, const std::vector<parse_failure>& failures,
                      bool dry_run) {
  std::string text;
  std::size_t rows = 0;
  for (const auto& change : plan.changes)
    if (++rows <= most_rows)
      put_row(text, operation_word(change.why.operation), change.why);
  if (rows > most_rows)
    fmt::format_to(std::back_inserter(text), "… and {} more changes\n", rows - most_rows);
  rows = 0;
  for (const auto& row : plan.skipped)
    if (++rows <= most_rows)
      put_row(text, "not", row);
  rows = 0;
  for (const auto& failure : failures)
    if (++rows <= most_rows)
      fmt::format_to(std::back_inserter(text), "unread   {}:{}:{}: {}\n",
                     shown(failure.source_id, 120), failure.line, failure.column,
                     shown(failure.reason, 120));
  const auto& of = plan.summary;
  fmt::format_to(
    std::back_inserter(text),
    "{}{} added, {} updated, {} pruned, {} removed, {} rescored, {} not taken; {} of {} "
    "texts unreadable; {} entries, mean quality {:.3f}\n",
    dry_run ? "would be: " : "", of.added, of.updated, of.pruned, of.removed,
    plan.rescored.size(), plan.skipped.size(), of.parse_failures, of.blocks, of.total,
    of.mean_quality);
  return text;
}

std::string hits_text(const corpus_hits& hits, bool knows_home) {
  std::string text;
  for (const auto& card : hits.cards)
    fmt::format_to(std::back_inserter(text), "{}  {:.2f} {:>6} {:<11} {:<9} {}{}\n",
                   card.id, card.quality, card.votes, use_case_word(card.purpose),
                   !knows_home          ? ""
                   : card.missing > 0   ? fmt::format("lacks {}", card.missing)
                   : card.creatable > 0 ? "helpers"
                                        : "runs",
                   shown(card.title, 70), card.trending ? " (trending)" : "");
  fmt::format_to(std::back_inserter(text), "{} of {}\n", hits.cards.size(), hits.total);
  return text;
}

std::string entry_text(const corpus_entry& entry) {
  const auto& facts = entry.facts;
  std::string text;
  const auto put = [&text](std::string_view name, const std::string& value) {
    if (!value.empty())
      fmt::format_to(std::back_inserter(text), "{:<16}{}\n", name, shown(value, 400));
  };
  put("id", entry.id);
  put("title", entry.title);
  put("name", facts.name == entry.title ? "" : facts.name);
  put("author", entry.author);
  put("url", entry.url);
  put("kind", fmt::format("{} {}, {}", domain_word(facts.domain),
                          facts.is_blueprint ? "blueprint" : "as it is",
                          use_case_word(entry.purpose)));
  put("quality", fmt::format("{:.3f} (completeness {:.2f}, complexity {:.2f}{})",
                             entry.quality, entry.completeness, entry.complexity,
                             entry.voted ? fmt::format(", {} votes", entry.votes) : ""));
  put("created", date_of(entry.created));
  put("needs", facts.min_version.empty() ? "" : "Home Assistant " + facts.min_version);
  put("domains", fmt::format("{}", fmt::join(facts.domains, ", ")));
  put("device classes", fmt::format("{}", fmt::join(facts.device_classes, ", ")));
  put("integrations", fmt::format("{}", fmt::join(facts.integrations, ", ")));
  put("triggers", fmt::format("{}", fmt::join(facts.triggers, ", ")));
  put("conditions", fmt::format("{}", fmt::join(facts.conditions, ", ")));
  put("actions", fmt::format("{}", fmt::join(facts.actions, ", ")));
  put("look at", fmt::format("{}", fmt::join(facts.risks, ", ")));
  for (const auto& input : facts.inputs)
    put("input",
        fmt::format("{}{}: {} {}", input.key, input.required ? "" : " (optional)",
                    input.selector.empty() ? "no selector" : input.selector,
                    input.entities.empty() && input.devices.empty() ? ""
                                                                    : wish_words(input)));
  for (const auto& absorbed : entry.absorbed)
    put("stands for", absorbed.id + " " + absorbed.title);
  return text;
}

std::string match_text(const corpus_entry& entry, const home_match& match) {
  auto text = fmt::format("{} {}: {}\n", entry.id, shown(entry.title, 80),
                          match.is_runnable()
                            ? (match.creatable > 0 ? "this home can run it, with helpers"
                                                   : "this home can run it")
                            : fmt::format("{} inputs are missing", match.missing));
  for (const auto& input : match.inputs)
    if (input.is_needed || input.fit == input_fit::found)
      fmt::format_to(
        std::back_inserter(text), "  {:<10}{:<40} {}\n", fit_word(input.fit),
        shown(input.name, 39),
        input.candidates.empty()
          ? (input.fit == input_fit::free ? input.selector : shown(input.wants, 80))
          : shown(fmt::format("{}", fmt::join(input.candidates, ", ")), 120));
  return text;
}

std::string statistics_text(const corpus_statistics& of) {
  auto text =
    fmt::format("{} entries, {} of them blueprints, {} importable by link, {} "
                "trending; mean quality {:.3f}\n",
                of.entries, of.blueprints, of.importable, of.trending, of.mean_quality);
  put_counts(text, "use cases", of.purposes);
  put_counts(text, "domains", of.domains);
  put_counts(text, "device classes", of.device_classes);
  put_counts(text, "integrations", of.integrations);
  put_counts(text, "sources", of.sources);
  return text;
}

std::string audit_text(const std::vector<audit_row>& rows) {
  std::string text;
  for (const auto& row : rows)
    fmt::format_to(std::back_inserter(text), "{}  {:<8} {}  {:.2f} -> {:.2f}  {}: {}\n",
                   format_utc(row.at).substr(0, 16), operation_word(row.operation),
                   row.id, row.quality_before, row.quality_after, shown(row.title, 50),
                   shown(row.reason, 100));
  return text;
}

std::string recommendations_text(const std::vector<unlocked>& all) {
  std::string text;
  for (const auto& each : all) {
    fmt::format_to(std::back_inserter(text), "{:<50} unlocks {} entries\n",
                   shown(each.wants, 49), each.entries);
    for (const auto& card : each.examples)
      fmt::format_to(std::back_inserter(text), "    {}  {:.2f} {}\n", card.id,
                     card.quality, shown(card.title, 70));
  }
  return text;
}

} // namespace habitd
