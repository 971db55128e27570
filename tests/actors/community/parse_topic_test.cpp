#include "actors/community/code_blocks.hpp"
#include "actors/community/parse_topic.hpp"
#include "tests/actors/community/sample_blueprints.hpp"

#include <catch2/catch.hpp>

using namespace habitd;

namespace {

fetched_topic post(body_form form, std::string body) {
  fetched_topic topic;
  topic.source = "forum";
  topic.source_id = "42";
  topic.url = "https://forum.example/t/motion/42";
  topic.title = "My motion light";
  topic.form = form;
  topic.body = std::move(body);
  topic.votes = 12;
  return topic;
}

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text)
    html += c == '<'   ? "&lt;"
            : c == '&' ? "&amp;"
            : c == '"' ? "&quot;"
                       : std::string(1, c);
  return html;
}

} // namespace

TEST_CASE("a fenced blueprint of a post is read, whatever stands around it") {
  const auto parsed =
    parse_topic(post(body_form::markdown, "Hello\n\n```yaml\n" + std::string{old_syntax} +
                                            "```\n\nand\n\n```\nsome log: x\n```\n"));

  CHECK(parsed.blocks == 1);
  REQUIRE(parsed.entries.size() == 1);
  const auto& entry = parsed.entries[0].entry;
  CHECK(entry.title == "My motion light");
  CHECK(entry.facts.name == "Old remote");
  CHECK(entry.votes == 12);
  CHECK(entry.id == corpus_id("forum", "42", 0));
  CHECK(entry.url == "https://forum.example/t/motion/42");
  CHECK_FALSE(parsed.entries[0].shingles.empty());
}

TEST_CASE(
  "every blueprint of a post is an entry, and what can't be read is told by place") {
  const auto parsed = parse_topic(post(
    body_form::markdown,
    "```yaml\n" + std::string{old_syntax} + "```\n~~~\nblueprint:\n  name: [\n~~~\n" +
      "1. item\n\n   ```yml\n   blueprint:\n     name: In a list\n     domain: script\n"
      "   sequence: []\n   ```\n[code]\n" +
      std::string{new_syntax} + "[/code]\n"));

  REQUIRE(parsed.entries.size() == 3);
  CHECK(parsed.entries[1].entry.facts.name == "In a list");
  CHECK(parsed.entries[2].entry.facts.name == "Motion lights a room");
  CHECK(parsed.entries[2].entry.block == 2);
  REQUIRE(parsed.failures.size() == 1);
  CHECK(parsed.failures[0].block == 1);
  CHECK(parsed.failures[0].line == 3);
}

TEST_CASE("code set by four blanks is code") {
  std::string body = "Look:\n\n";
  std::size_t at = 0;
  const std::string text{old_syntax};
  while (at < text.size()) {
    const auto end = text.find('\n', at);
    body += "    " + text.substr(at, end - at) + "\n";
    at = end + 1;
  }

  const auto parsed = parse_topic(post(body_form::markdown, body + "\nbye\n"));

  REQUIRE(parsed.entries.size() == 1);
  CHECK(parsed.entries[0].yaml == text);
}

TEST_CASE("code of a cooked post is read through tags and character references") {
  const auto parsed = parse_topic(
    post(body_form::html, "<p>“Hi”</p><pre><code class=\"lang-yaml hljs\"><span>" +
                            escaped(new_syntax) + "</span></code></pre>"));

  REQUIRE(parsed.entries.size() == 1);
  CHECK(parsed.entries[0].yaml == std::string{new_syntax});
}

TEST_CASE(
  "importable by link is what Home Assistant's importer finds in the cooked post") {
  const std::string code = "blueprint:\n  name: A\n";
  CHECK(importable_from_post("<pre><code class=\"lang-yaml\">" + code + "</code></pre>"));
  CHECK(importable_from_post("<pre><code class=\"lang-auto\">" + code + "</code></pre>"));
  CHECK_FALSE(importable_from_post("<pre><code class=\"lang-plaintext\">" + code +
                                   "</code></pre>"));
  // Its pattern goes on to the last end of any code.
  CHECK_FALSE(importable_from_post("<code class=\"lang-yaml\">" + code +
                                   "</code> and <code>more</code>"));
  CHECK_FALSE(importable_from_post("<code class=\"lang-yaml\">a: 1</code>"));
  CHECK_FALSE(importable_from_post(code));
}

TEST_CASE("a topic without code, or with garbage, has no entries and no failures") {
  for (const auto* body :
       {"", "just words", "```", "<pre><code>", "[code]", "\xff\xfe\n"}) {
    for (const auto form : {body_form::markdown, body_form::html, body_form::yaml}) {
      const auto parsed = parse_topic(post(form, body));
      CHECK(parsed.entries.empty());
      CHECK(parsed.failures.empty());
    }
  }
}
