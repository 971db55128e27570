#include "http/router.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace habitd;

namespace {

route row(std::string method, std::string pattern) {
  return {std::move(method), std::move(pattern), scope::none,
          [](const http_request&, const respond&) {}};
}

router three_routes() {
  auto made = router::make({row("GET", "/jobs/{id}"), row("GET", "/jobs/latest"),
                            row("POST", "/jobs/{id}"), row("GET", "/")});
  REQUIRE(made);
  return std::move(*made);
}

std::vector<std::string> segments_of(std::string_view path) {
  const auto parsed = parse_target(path);
  REQUIRE(parsed);
  return parsed->segments;
}

} // namespace

TEST_CASE("parse_target decodes segments and query after splitting them") {
  const auto parsed = parse_target("/a%20b/c%2Fd/?limit=5&name=x%26y+z&flag");

  REQUIRE(parsed);
  CHECK(parsed->path == "/a%20b/c%2Fd/");
  CHECK(parsed->segments == std::vector<std::string>{"a b", "c/d", ""});
  CHECK(parsed->query == std::map<std::string, std::string>{
                           {"limit", "5"}, {"name", "x&y z"}, {"flag", ""}});
}

TEST_CASE("parse_target refuses what two readers could take differently") {
  const auto text = GENERATE(
    as<std::string>{}, "", "*", "a", "http://127.0.0.1/a", "//evil/a?x=1&x=2", "/a b",
    "/%", "/%4", "/%zz", "/a%00b", "/a%0ab", "/a\x01", "/a\\b", "/../a", "/a/..",
    "/a/%2e%2e/b", "/a/.", "/%2E", "/a?x=1&x=2", "/a?x=%00", "/a?x=%ff", "/a#b", "/a%7f",
    "/%c0%af", "/%ed%a0%80", "/%f4%90%80%80", "/%e2%82", "/\xe2\x82\xac", "/a?%0d=1");

  const auto parsed = parse_target(text);

  INFO(text);
  REQUIRE_FALSE(parsed);
  CHECK(code_of(parsed.error()) == ec::invalid_input);
}

TEST_CASE("parse_target takes escaped UTF-8") {
  CHECK(segments_of("/%e2%82%ac/%f0%9f%8f%a0/%c3%a4") ==
        std::vector<std::string>{"\u20ac", "\U0001f3e0", "\u00e4"});
}

TEST_CASE("router prefers a literal segment to a parameter") {
  const auto routes = three_routes();

  CHECK(routes.match("GET", segments_of("/jobs/latest")).found->pattern ==
        "/jobs/latest");
  const auto match = routes.match("GET", segments_of("/jobs/a%2Fb"));
  CHECK(match.found->pattern == "/jobs/{id}");
  CHECK(match.path_parameters.at("id") == "a/b");
}

TEST_CASE("router falls back to the parameter for a method the literal lacks") {
  const auto match = three_routes().match("POST", segments_of("/jobs/latest"));

  CHECK(match.path_parameters.at("id") == "latest");
}

TEST_CASE("router names the methods of a path and none for an unknown path") {
  const auto routes = three_routes();

  CHECK(routes.match("PUT", segments_of("/jobs/7")).allowed ==
        std::vector<std::string>{"GET", "HEAD", "POST"});
  for (const auto* path : {"/jobs", "/jobs/", "/jobs/7/", "//jobs/7", "/Jobs/7", "/x"}) {
    INFO(path);
    CHECK(routes.match("GET", segments_of(path)).allowed.empty());
  }
}

TEST_CASE("router serves HEAD from GET and the root path") {
  CHECK(three_routes().match("HEAD", segments_of("/")).found->pattern == "/");
}

namespace {

router document_routes() {
  auto made =
    router::make({row("GET", "/docs"), row("GET", "/docs/{id*}"),
                  row("GET", "/docs/{id*}/versions"), row("POST", "/docs/{id*}/refresh"),
                  row("GET", "/docs/{id*}/versions/{version}/text")});
  REQUIRE(made);
  return std::move(*made);
}

} // namespace

TEST_CASE("a greedy parameter takes an id with slashes, raw or escaped") {
  const auto routes = document_routes();

  for (const auto* path : {"/docs/a/b/c", "/docs/a%2Fb/c", "/docs/a%2fb%2Fc"}) {
    INFO(path);
    const auto match = routes.match("GET", segments_of(path));
    REQUIRE(match.found);
    CHECK(match.found->pattern == "/docs/{id*}");
    CHECK(match.path_parameters.at("id") == "a/b/c");
  }
  CHECK(routes.match("GET", segments_of("/docs/a")).path_parameters.at("id") == "a");
  CHECK(routes.match("GET", segments_of("/docs/k%C3%BCche%20%26%20bad/100%25"))
          .path_parameters.at("id") == "k\u00fcche & bad/100%");
}

TEST_CASE("what follows a greedy parameter wins over it, unless it is escaped") {
  const auto routes = document_routes();

  const auto versions = routes.match("GET", segments_of("/docs/a/b/versions"));
  CHECK(versions.found->pattern == "/docs/{id*}/versions");
  CHECK(versions.path_parameters.at("id") == "a/b");
  const auto text = routes.match("GET", segments_of("/docs/a/b/versions/1.0.0/text"));
  CHECK(text.path_parameters.at("id") == "a/b");
  CHECK(text.path_parameters.at("version") == "1.0.0");
  const auto named = routes.match("GET", segments_of("/docs/a%2Fversions"));
  CHECK(named.found->pattern == "/docs/{id*}");
  CHECK(named.path_parameters.at("id") == "a/versions");
}

TEST_CASE("a greedy parameter takes no empty segment") {
  const auto routes = document_routes();

  for (const auto* path :
       {"/docs/", "/docs//a", "/docs/a//b", "/docs/a/", "/docs//versions"}) {
    INFO(path);
    CHECK(routes.match("GET", segments_of(path)).allowed.empty());
  }
}

TEST_CASE("router refuses a pattern with two greedy parameters, or one of them twice") {
  CHECK_FALSE(router::make({row("GET", "/a/{x*}/b/{y*}")}));
  CHECK_FALSE(router::make({row("GET", "/a/{x*}"), row("GET", "/a/{y*}")}));
  CHECK(router::make({row("GET", "/a/{x}"), row("GET", "/a/{y*}")}));
}

TEST_CASE("router refuses a table with a route twice or without a handler") {
  CHECK_FALSE(router::make({row("GET", "/a/{x}"), row("GET", "/a/{y}")}));
  CHECK_FALSE(router::make({row("GET", "a")}));
  CHECK_FALSE(router::make({row("", "/a")}));
  CHECK_FALSE(router::make({{"GET", "/a", scope::none, nullptr}}));
}

TEST_CASE("parse_host reads names, addresses and ports, and nothing else") {
  const auto hap = [](std::string host, std::optional<std::uint16_t> port = {}) {
    return std::optional{host_and_port{std::move(host), port}};
  };
  CHECK(parse_host("LocalHost:8380") == hap("localhost", 8380));
  CHECK(parse_host("127.0.0.1") == hap("127.0.0.1"));
  CHECK(parse_host("[0:0::1]:80") == hap("::1", 80));
  CHECK(parse_host("a-b.example") == hap("a-b.example"));
  for (const auto* text :
       {"", ":80", "a:", "a:0", "a:65536", "a:99999999999999999999", "a:-1", "a:8x",
        "u@a", "u:p@a", "a/b", "a b", "http://a", "[::1", "[v1.x]:80", "%6c:80", "a\t"}) {
    INFO(text);
    CHECK_FALSE(parse_host(text));
  }
}

TEST_CASE("is_own_origin compares host and port, with the usual port of the scheme") {
  const host_and_port here{"habitd.lan", 8380};
  CHECK(is_own_origin("http://habitd.lan:8380", here));
  CHECK(is_own_origin("https://HABITD.lan:8380", here));
  CHECK(is_own_origin("https://habitd.lan", {"habitd.lan", {}}));
  CHECK(is_own_origin("https://habitd.lan", {"habitd.lan", 443}));
  CHECK_FALSE(is_own_origin("http://habitd.lan", {"habitd.lan", 443}));
  for (const auto* text :
       {"", "null", "http://habitd.lan", "http://evil:8380", "http://habitd.lan:8381",
        "ftp://habitd.lan:8380", "http://habitd.lan:8380/", "http://x@habitd.lan:8380"})
    CHECK_FALSE(is_own_origin(text, here));
}

TEST_CASE("the pure part of the router survives random bytes") {
  std::mt19937 random{7};
  const std::string alphabet = "/%?&=+.{}[]:@#a0f\x80\xc3\n";
  const auto routes = three_routes();
  for (int i = 0; i < 20'000; ++i) {
    std::string text = "/";
    for (auto n = random() % 24; n > 0; --n)
      text += alphabet[random() % alphabet.size()];

    const auto parsed = parse_target(text);

    if (parsed) {
      REQUIRE_FALSE(parsed->segments.empty());
      routes.match("GET", parsed->segments);
    }
    (void)parse_host(text.substr(1));
  }
}
