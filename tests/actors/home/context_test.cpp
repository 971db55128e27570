#include "actors/home/context.hpp"

#include <catch2/catch.hpp>

namespace habitd {

namespace {

using namespace std::string_view_literals;

// One ULID in its three spellings.
constexpr auto as_text = "01ARZ3NDEKTSV4RRFFQ69G5FAV"sv;
constexpr auto as_hex = "01563e3ab5d3d6764c61efb99302bd5b"sv;
constexpr auto as_bytes =
  "\x01\x56\x3e\x3a\xb5\xd3\xd6\x76\x4c\x61\xef\xb9\x93\x02\xbd\x5b"sv;
constexpr auto somebody = "f1d2d2f924e986ac86fdf7b36c94bcdf"sv;

} // namespace

TEST_CASE("a context has one number however it is spelled") {
  CHECK(act_of(as_text) == act_of(as_bytes));
  CHECK(act_of(as_hex) == act_of(as_bytes));
  CHECK(act_of("01563E3A-B5D3-D676-4C61-EFB99302BD5B") == act_of(as_bytes));
  CHECK(act_of(somebody) != act_of(as_bytes));
  CHECK(act_of("") == 0);
  CHECK(act_of("anything") != 0);
}

TEST_CASE("a context tells who acted") {
  const attribution who{{}};
  const auto by = [&](event_context context) {
    return who.by(context, act_of(context.id.value_or(""sv)));
  };

  CHECK(by({as_text, ""sv, ""sv}) == cause::physical);
  CHECK(by({as_text, somebody, ""sv}) == cause::person);
  CHECK(by({as_text, somebody, as_hex}) == cause::automation);
  CHECK(by({as_text, ""sv, as_hex}) == cause::automation);
}

TEST_CASE("a source without contexts, or without their parts, leaves the cause unknown") {
  const attribution who{{}};

  CHECK(who.by({}, 0) == cause::unknown);
  CHECK(who.by({as_text, {}, {}}, act_of(as_text)) == cause::unknown);
  CHECK(who.by({as_text, ""sv, {}}, act_of(as_text)) == cause::unknown);
  CHECK(who.by({""sv, ""sv, ""sv}, 0) == cause::unknown);
}

TEST_CASE("the acts of a machine's login are an automation's") {
  const attribution who{{"F1D2D2F9-24E9-86AC-86FD-F7B36C94BCDF"}};

  CHECK(who.by({as_text, somebody, ""sv}, act_of(as_text)) == cause::automation);
}

TEST_CASE(
  "what shares the context of an automation's run is its doing, without a parent") {
  attribution who{{}};
  who.automation_ran(as_bytes);
  who.automation_ran("");

  CHECK(who.by({as_text, ""sv, ""sv}, act_of(as_text)) == cause::automation);
  CHECK(who.by({{}, {}, {}}, 0) == cause::unknown);
}

} // namespace habitd
