#include "http/page.hpp"

#include <catch2/catch.hpp>

using namespace habitd;

TEST_CASE("parse_page defaults to the first hundred") {
  const auto page = parse_page({{"detector", "co_occurrence"}});

  REQUIRE(page);
  CHECK(page->limit == 100);
  CHECK(page->after.empty());
}

TEST_CASE("parse_page reads limit and cursor") {
  const auto page = parse_page({{"limit", "1000"}, {"after", "k/1"}});

  REQUIRE(page);
  CHECK(page->limit == 1000);
  CHECK(page->after == "k/1");
}

TEST_CASE("parse_page refuses values that mean nothing") {
  for (const auto* limit :
       {"", "0", "1001", "-1", "+5", " 5", "5 ", "1e2", "0x10", "99999999999999999999"}) {
    INFO(limit);
    const auto page = parse_page({{"limit", limit}});
    REQUIRE_FALSE(page);
    CHECK(describe(page.error()) ==
          "invalid input: limit takes a whole number from 1 to 1000");
  }
  CHECK_FALSE(parse_page({{"after", ""}}));
  CHECK_FALSE(parse_page({{"after", std::string(513, 'a')}}));
}

TEST_CASE("list_body joins items and escapes the cursor") {
  const std::vector<std::string> items{R"({"a":1})", "2"};

  CHECK(list_body(items, "x\"y") == R"({"items":[{"a":1},2],"next":"x\"y"})");
  CHECK(list_body({}, std::nullopt) == R"({"items":[],"next":null})");
}
