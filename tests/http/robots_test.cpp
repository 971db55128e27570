#include "http/robots.hpp"

#include <catch2/catch.hpp>

using namespace habitd;
using namespace std::chrono_literals;

namespace {

constexpr auto* forum = "# Discourse\r\n"
                        "User-agent: *\r\n"
                        "Disallow: /admin/\r\n"
                        "Disallow: /search\r\n"
                        "Disallow: /*?api_key*\r\n"
                        "Disallow: /t/*/*.rss\r\n"
                        "Disallow: /badges$ # comment\r\n"
                        "Allow: /search/about\r\n"
                        "Disallow:\r\n"
                        "\r\n"
                        "User-Agent: mauibot\r\n"
                        "User-agent: semrushbot\r\n"
                        "Disallow: /\r\n"
                        "Sitemap: https://forum.example/sitemap.xml\r\n";

} // namespace

TEST_CASE("robots.txt forbids what its longest rule forbids") {
  const auto rules = parse_robots(forum, "habitd");

  CHECK(may_fetch(rules, "/t/-/253804.json?include_raw=1"));
  CHECK(may_fetch(rules, "/c/blueprints-exchange/53/l/latest.json?order=op_likes"));
  CHECK_FALSE(may_fetch(rules, "/admin/users"));
  CHECK_FALSE(may_fetch(rules, "/search.json?q=x"));
  CHECK(may_fetch(rules, "/search/about/us"));
  CHECK_FALSE(may_fetch(rules, "/t/x/1.rss"));
  CHECK_FALSE(may_fetch(rules, "/posts?api_key=1"));
  CHECK_FALSE(may_fetch(rules, "/badges"));
  CHECK(may_fetch(rules, "/badges/1"));
}

TEST_CASE("a group that names us counts instead of the one for all") {
  const auto* text = "User-agent: *\nDisallow: /\nUser-agent: HABITD/1.0\nUser-agent: b\n"
                     "Disallow: /filter\nCrawl-delay: 2.5\nUser-agent: c\nDisallow: /t\n";

  const auto rules = parse_robots(text, "habitd");

  CHECK(rules.rules == std::vector<robots_rules::rule>{{"/filter", false}});
  CHECK(rules.delay == 2500ms);
  CHECK_FALSE(may_fetch(parse_robots(text, "other"), "/t/1"));
}

TEST_CASE("a robots.txt that is none allows everything") {
  for (const auto* text : {"", "<!DOCTYPE html><html>Not found</html>", "Disallow: /",
                           "User-agent: *\nCrawl-delay: nan\nDisallow\n"})
    CHECK(may_fetch(parse_robots(text, "habitd"), "/t/1"));
}

TEST_CASE("patterns with many stars take no time") {
  std::string pattern = "/";
  for (int i = 0; i < 2000; ++i)
    pattern += "*a";
  const auto rules = parse_robots("User-agent: *\nDisallow: " + pattern + "b", "habitd");

  CHECK(may_fetch(rules, "/" + std::string(100'000, 'a')));
}
