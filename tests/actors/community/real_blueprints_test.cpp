#include "actors/community/corpus_index.hpp"
#include "actors/community/file_source.hpp"
#include "actors/community/parse_topic.hpp"
#include "actors/community/plan_refresh.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

using namespace habitd;

namespace {

const std::filesystem::path archive =
  std::filesystem::path{HABITD_SHARED_DATA} / "blueprints/blueprints.tar.zst";

struct outcome {
  std::size_t files = 0;
  std::size_t read = 0;
  std::vector<std::string> failures;
};

/// What becomes of the files below one folder of the archive.
outcome parse_all(std::string_view folder) {
  outcome result;
  const auto source = read_files(archive, [&](const fetched_topic& topic) {
    if (!topic.source_id.starts_with(folder))
      return;
    ++result.files;
    const auto parsed = parse_topic(topic);
    result.read += !parsed.entries.empty();
    for (const auto& failure : parsed.failures)
      result.failures.push_back(fmt::format(
        "{}:{}:{}: {}", failure.source_id, failure.line, failure.column, failure.reason));
    if (parsed.entries.empty() && parsed.failures.empty())
      result.failures.push_back(topic.source_id + ": not taken for a blueprint");
  });
  REQUIRE(source);
  return result;
}

} // namespace

TEST_CASE("99 of 100 real blueprints that are valid YAML are read") {
  if (!std::filesystem::exists(archive)) {
    WARN("skipped: " << archive << " is not there");
    return;
  }

  const auto valid = parse_all("valid/");
  const auto invalid = parse_all("invalid/");

  fmt::print("valid YAML: {} of {} files read\n", valid.read, valid.files);
  for (const auto& failure : valid.failures)
    fmt::print("  {}\n", failure);
  fmt::print("invalid YAML: {} of {} files read all the same\n", invalid.read,
             invalid.files);
  for (const auto& failure : invalid.failures)
    fmt::print("  {}\n", failure);
  CHECK(valid.files == 490);
  CHECK(static_cast<double>(valid.read) >= 0.99 * static_cast<double>(valid.files));
  CHECK(invalid.read + invalid.failures.size() == invalid.files);
}

TEST_CASE("real homes are told which real blueprints they can run") {
  const std::filesystem::path registries =
    std::filesystem::path{HABITD_SHARED_DATA} / "registries";
  if (!std::filesystem::exists(archive) || !std::filesystem::exists(registries)) {
    WARN("skipped: " << archive << " or " << registries << " is not there");
    return;
  }
  refresh_facts facts;
  REQUIRE(read_files(archive, [&](const fetched_topic& topic) {
    auto parsed = parse_topic(topic);
    for (auto& entry : parsed.entries)
      facts.parsed.push_back(std::move(entry));
  }));
  const auto plan =
    plan_refresh({}, std::move(facts), {}, wall_time{std::chrono::days{20'000}});
  std::vector<corpus_entry> entries;
  for (const auto& change : plan.changes)
    entries.push_back(change.after.entry);
  std::size_t by_title = 0, by_structure = 0;
  for (const auto& row : plan.skipped) {
    by_title += row.rule == "duplicate_title";
    by_structure += row.rule == "duplicate_structure";
  }
  fmt::print("{} entries; {} duplicates by title, {} by structure\n", entries.size(),
             by_title, by_structure);

  std::size_t homes = 0;
  for (const auto& folder : std::filesystem::directory_iterator{registries}) {
    const auto home = read_home_registry(folder.path());
    if (!home)
      continue;
    ++homes;
    const corpus_index index{entries, *home};
    const auto runs =
      index.search({.blueprints_only = true, .runnable_only = true, .limit = 1'000});
    const auto wanted = index.recommendations(1);
    fmt::print("{}: {} entities, runs {} of {}; most wanted: {} ({})\n",
               folder.path().filename().string(), home->entities.size(), runs.total,
               entries.size(), wanted.empty() ? "-" : wanted[0].wants,
               wanted.empty() ? 0 : wanted[0].entries);
    CHECK(runs.total > 0);
    CHECK(runs.total < entries.size());
    for (const auto& entry : entries)
      for (const auto& input : match_home(entry.facts.inputs, *home).inputs)
        if (input.selector == "entity")
          for (const auto& id : input.candidates) {
            const auto known =
              std::find_if(home->entities.begin(), home->entities.end(),
                           [&](const auto& each) { return each.id == id; });
            if (known == home->entities.end())
              CHECK((id == "sun.sun" || id == "zone.home"));
          }
  }
  CHECK(homes >= 6);
}
