#include "actors/standards/version_bump.hpp"

#include "tests/actors/standards/standards_fixture.hpp"

using namespace habitd;

namespace {

const std::string base = "# Doc\n\nIntro.\n\n## Time trigger\n\nOne.\nTwo.\nThree.\n\n"
                         "```yaml\nat: 1\n# no heading\n```\n\n## Sun\n\nSet.\n";

std::string replaced(std::string what, const std::string& with) {
  auto text = base;
  text.replace(text.find(what), what.size(), with);
  return text;
}

} // namespace

TEST_CASE("other words are a patch") {
  const auto change = change_of(base, replaced("Two.", "Zwei."));

  CHECK(change.bump == version_bump::patch);
  CHECK(change.log ==
        std::vector<std::string>{
          "changed section \"Time trigger\": 1 line added, 1 line removed"});
}

TEST_CASE("another code, or another section, is a minor change") {
  CHECK(change_of(base, replaced("at: 1", "at: 2")).bump == version_bump::minor);
  const auto added = change_of(base, base + "\n## Zone\n\nNew.\n");
  CHECK(added.bump == version_bump::minor);
  CHECK(added.log.front() == "changed section \"Sun\": 1 line added, 0 lines removed");
  CHECK(added.log.back() == "added section \"Zone\"");
}

TEST_CASE("an anchor that is gone is a major change") {
  const auto renamed = change_of(base, replaced("## Time trigger", "## Timer trigger"));
  CHECK(renamed.bump == version_bump::major);
  CHECK(renamed.log.front() == "removed section \"Time trigger\"");
  CHECK(change_of(base, replaced("## Time trigger", "## Time Trigger")).bump ==
        version_bump::patch); // the same anchor
}

TEST_CASE("a text of which more than half is gone is a major change") {
  const auto before = "# Doc\n\na\nb\nc\nd\ne\n";
  CHECK(change_of(before, "# Doc\n\nA\nB\nC\nD\nE\n").bump == version_bump::major);
}

TEST_CASE("line ends and blanks at the end are no change") {
  CHECK(change_of(base, replaced("One.", "One.  ")).bump == version_bump::none);
  CHECK(change_of("# A\r\n\r\nb\r\n", "# A\n\nb\n").bump == version_bump::none);
}

TEST_CASE("front matter and the order of sections count as a patch") {
  CHECK(change_of("---\ntitle: a\n---\n" + base, "---\ntitle: b\n---\n" + base).log ==
        std::vector<std::string>{"changed the front matter"});
  CHECK(change_of("# A\n\n# B\n\n", "# B\n\n# A\n\n").log ==
        std::vector<std::string>{"changed the order of sections"});
}

TEST_CASE("headings in code are none, and the same heading twice has two anchors") {
  const auto sections = sections_of(base + "\n## Sun\n\nAgain.\n");

  std::vector<std::string> anchors;
  for (const auto& section : sections)
    anchors.push_back(section.anchor);
  CHECK(anchors == std::vector<std::string>{"", "doc", "time-trigger", "sun", "sun-1"});
}

TEST_CASE("a version goes up as the change asks") {
  CHECK(next_version("1.4.2", version_bump::none) == "1.4.2");
  CHECK(next_version("1.4.2", version_bump::patch) == "1.4.3");
  CHECK(next_version("1.4.2", version_bump::minor) == "1.5.0");
  CHECK(next_version("1.4.2", version_bump::major) == "2.0.0");
  for (const auto* text :
       {"", "1", "1.2", "1.2.3.4", "a.b.c", "1.2.x", "-1.2.3", "99999999999.0.0"}) {
    INFO(text);
    CHECK(next_version(text, version_bump::patch) == "1.0.1");
  }
}
