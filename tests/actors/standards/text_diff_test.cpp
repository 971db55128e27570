#include "actors/standards/text_diff.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace habitd;

namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += line + '\n';
  return text;
}

/// What the runs make of the old lines: must be the new ones.
std::vector<std::string_view> applied(const std::vector<diff_run>& runs,
                                      const std::vector<std::string_view>& before,
                                      const std::vector<std::string_view>& after) {
  std::vector<std::string_view> result;
  std::size_t taken = 0;
  for (const auto& run : runs) {
    CHECK(run.count > 0);
    if (run.what == diff_run::kind::added) {
      for (std::size_t i = 0; i < run.count; ++i)
        result.push_back(after.at(run.from_new + i));
      continue;
    }
    CHECK(run.from_old == taken);
    for (std::size_t i = 0; i < run.count; ++i, ++taken)
      if (run.what == diff_run::kind::same)
        result.push_back(before.at(taken));
  }
  CHECK(taken == before.size());
  return result;
}

} // namespace

TEST_CASE("a unified diff shows what changed with three lines around it") {
  const auto before = joined({"1", "2", "3", "4", "5", "6", "7", "8", "9"});
  const auto after = joined({"1", "2", "3", "4", "five", "6", "7", "8", "9"});

  CHECK(unified_diff(before, after, "old", "new") ==
        "--- old\n+++ new\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("changes far apart are shown apart, near ones together") {
  std::vector<std::string> lines;
  for (int i = 0; i < 40; ++i)
    lines.push_back(std::to_string(i));
  auto changed = lines;
  changed[2] = "a";
  changed[8] = "b";
  changed[30] = "c";

  const auto diff = unified_diff(joined(lines), joined(changed), "o", "n");

  CHECK(diff.find("@@ -1,12 +1,12 @@") != diff.npos);
  CHECK(diff.find("@@ -28,7 +28,7 @@") != diff.npos);
}

TEST_CASE("lines added to nothing, or taken away to nothing, count from 0") {
  CHECK(unified_diff("", "a\nb\n", "o", "n") ==
        "--- o\n+++ n\n@@ -0,0 +1,2 @@\n+a\n+b\n");
  CHECK(unified_diff("a\n", "", "o", "n") == "--- o\n+++ n\n@@ -1 +0,0 @@\n-a\n");
}

TEST_CASE("texts that differ in line ends only have no diff") {
  CHECK(unified_diff("a\r\nb\r\n", "a\nb\n", "o", "n").empty());
  CHECK(unified_diff("a\n", "a", "o", "n").empty());
}

TEST_CASE("a diff makes the new lines of the old ones, with the least edit") {
  std::mt19937 random{5};
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> old_lines, new_lines;
    for (auto n = random() % 30; n > 0; --n)
      old_lines.push_back(std::string(1, static_cast<char>('a' + random() % 4)));
    for (auto n = random() % 30; n > 0; --n)
      new_lines.push_back(std::string(1, static_cast<char>('a' + random() % 4)));
    const std::vector<std::string_view> before{old_lines.begin(), old_lines.end()};
    const std::vector<std::string_view> after{new_lines.begin(), new_lines.end()};
    std::vector<std::vector<std::size_t>> common(
      before.size() + 1, std::vector<std::size_t>(after.size() + 1));
    for (std::size_t i = before.size(); i-- > 0;)
      for (std::size_t j = after.size(); j-- > 0;)
        common[i][j] = before[i] == after[j]
                         ? common[i + 1][j + 1] + 1
                         : std::max(common[i + 1][j], common[i][j + 1]);

    const auto runs = diff_lines(before, after);

    REQUIRE(applied(runs, before, after) == after);
    const auto counts = count_changes(runs);
    REQUIRE(counts.removed == before.size() - common[0][0]);
    REQUIRE(counts.added == after.size() - common[0][0]);
  }
}

TEST_CASE("texts too far apart are replaced as a whole between what they share") {
  std::vector<std::string> old_lines{"first"}, new_lines{"first"};
  for (int i = 0; i < 3000; ++i) {
    old_lines.push_back("old " + std::to_string(i));
    new_lines.push_back("new " + std::to_string(i));
  }
  old_lines.emplace_back("last");
  new_lines.emplace_back("last");
  const std::vector<std::string_view> before{old_lines.begin(), old_lines.end()};
  const std::vector<std::string_view> after{new_lines.begin(), new_lines.end()};

  const auto runs = diff_lines(before, after);

  CHECK(applied(runs, before, after) == after);
  CHECK(runs.size() == 4);
}
