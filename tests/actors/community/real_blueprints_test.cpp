#include "actors/community/file_source.hpp"
#include "actors/community/parse_topic.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

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
