#include "actors/standards/document_check.hpp"

#include "actors/standards/front_matter.hpp"

#include <catch2/catch.hpp>

using namespace habitd;
using Catch::Contains;

TEST_CASE("front matter is read where it is, and its keys are checked") {
  const auto front =
    read_front_matter("---\ntitle: \"A: b\"\nsource: https://a.example/x.md\n"
                      "kind: guide\nfreshness_threshold_days: 7\n"
                      "auto_update_enabled: false\nsidebar: [1, 2]\n---\n# A\n",
                      "a.md");
  REQUIRE(front);
  CHECK(front->title == "A: b");
  CHECK(front->source == "https://a.example/x.md");
  CHECK(front->kind == "guide");
  CHECK(front->freshness_threshold_days == 7);
  CHECK_FALSE(front->auto_update_enabled);
  CHECK(body_of("---\na: 1\n---\n# A\n") == "# A\n");
  CHECK(body_of("---\r\na: 1\r\n---\r\n# A\r\n") == "# A\r\n");
  CHECK(body_of("---\n---\n# A\n") == "# A\n");
  CHECK(body_of("# A\n\n---\n\nb\n") == "# A\n\n---\n\nb\n");
  CHECK(body_of("---\nnever closed\n") == "---\nnever closed\n");
}

TEST_CASE("front matter that can't be is refused with its place") {
  for (const auto* text :
       {"---\nfreshness_threshold_days: soon\n---\n",
        "---\nfreshness_threshold_days: 0\n---\n",
        "---\nauto_update_enabled: maybe\n---\n", "---\na: [1\n---\n", "---\n- a\n---\n",
        "---\na: &x 1\nb: *x\n---\n", "---\ntitle: {a: 1}\n---\n"}) {
    INFO(text);
    const auto refused = read_front_matter(text, "a.md");
    REQUIRE_FALSE(refused);
    CHECK_THAT(describe(refused.error()), Contains("a.md"));
  }
  CHECK_FALSE(
    read_front_matter("---\na: \"" + std::string(20'000, 'x') + "\"\n---\n", "a.md"));
  CHECK_FALSE(
    read_front_matter("---\na: " + std::string(5'000, '[') + "\n---\n", "a.md"));
}

TEST_CASE(
  "a document has a heading and closed fences; a guide also YAML that can be read") {
  CHECK(problem_with("# A\n", "markdown").empty());
  const std::string bad_yaml = "# A\n\n```yaml\na: [1\n```\n";
  CHECK(problem_with(bad_yaml, "markdown").empty());
  CHECK_THAT(problem_with(bad_yaml, "guide"), Contains("block 1 of YAML"));
  CHECK(problem_with("# A\n\n```yaml\na: !input b\n```\n", "guide").empty());
  CHECK(
    problem_with("# A\n\n- b\n\n  ```yaml\n  a:\n    b: 1\n  ```\n", "guide").empty());
  CHECK(problem_with("# A\n\n```yaml\n", "markdown") ==
        "a block of code in it is never closed");
  CHECK(problem_with("text only\n", "markdown") == "it has no heading");
  CHECK(problem_with("# A\n\x01", "markdown") == "it has control characters");
}

TEST_CASE("links to hosts that a text did not know are found") {
  const auto before = "[a](https://www.home-assistant.io/docs/)";
  CHECK(
    unknown_host(before, "see HTTPS://x https://www.Home-Assistant.io/other").empty());
  CHECK(unknown_host(before, "![x](http://evil.example/?q=1)") == "evil.example");
  CHECK(unknown_host(before, "<https://www.home-assistant.io.evil.example>") ==
        "www.home-assistant.io.evil.example");
}

TEST_CASE("a text that shrinks to less than a fifth is doubted") {
  CHECK(problem_with_change(std::string(100, 'x'), std::string(20, 'x')).empty());
  CHECK_FALSE(problem_with_change(std::string(100, 'x'), std::string(19, 'x')).empty());
}
