#include "actors/standards/seed_standards.hpp"

#include "tests/actors/standards/standards_fixture.hpp"

#include <fstream>

using namespace habitd;

namespace {

void write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream{file} << text;
}

} // namespace

TEST_CASE_METHOD(standards_home,
                 "documents are seeded from a folder, with ids of its paths") {
  const auto folder = scratch.path() / "docs";
  write(folder / "a/b.md", "---\ntitle: B\nfreshness_threshold_days: 7\n---\n# B\n");
  write(folder / "k\u00fcche & bad.md", "# K\n");
  write(folder / "web.md", "---\nsource: https://a.example/web.md\n---\n# W\n");
  write(folder / ".git/x.md", "# X\n");
  write(folder / "notes.txt", "# N\n");
  write(folder / "bad.md", "no heading\n");

  const auto report = seed_standards(*store, {}, folder, clock->now());

  REQUIRE(report);
  CHECK(report->added == 3);
  CHECK(report->problems == std::vector<std::string>{"bad: it has no heading"});
  const auto b = document("a/b");
  CHECK(b.title == "B");
  CHECK(b.freshness_threshold_days == 7);
  CHECK(b.source == "folder");
  CHECK(b.path == "a/b.md");
  CHECK(document("web").source == "https://a.example/web.md");
  CHECK(text("k\u00fcche & bad") == "# K\n");
}

TEST_CASE_METHOD(standards_home, "a file that changed makes a new version, once") {
  const auto folder = scratch.path() / "docs";
  write(folder / "a.md", "# A\n\nOne.\n");
  REQUIRE(seed_standards(*store, {}, folder, clock->now()));
  write(folder / "a.md", "# A\n\nTwo.\n");

  const auto changed = seed_standards(*store, {}, folder, clock->now());
  const auto again = seed_standards(*store, {}, folder, clock->now());

  CHECK(changed->updated == 1);
  CHECK(again->updated == 0);
  CHECK(again->kept == 1);
  CHECK(document("a").version == "1.0.1");
  CHECK(text("a") == "# A\n\nTwo.\n");
}

TEST_CASE_METHOD(standards_home,
                 "a setting that somebody changed outlives the next start") {
  const auto folder = scratch.path() / "docs";
  write(folder / "a.md", "# A\n");
  REQUIRE(seed_standards(*store, {}, folder, clock->now()));
  start();
  REQUIRE(ask<standard>(queue, change_standard{"a", 0, 90}));

  REQUIRE(seed_standards(*store, {}, folder, clock->now()));

  CHECK_FALSE(document("a").auto_update_enabled);
  CHECK(document("a").freshness_threshold_days == 90);
  CHECK(code_of(ask<standard>(queue, change_standard{"a", -1, 4000}).error()) ==
        ec::invalid_input);
}

TEST_CASE_METHOD(standards_home, "what habitd ships are documents of their kind") {
  const auto shipped = shipped_standards();
  REQUIRE(shipped.size() >= 4);

  const auto report = seed_standards(*store, shipped, {}, clock->now());

  REQUIRE(report);
  CHECK(report->problems.empty());
  CHECK(report->added == shipped.size());
  CHECK(document("home-assistant/automations").kind == "guide");
}
