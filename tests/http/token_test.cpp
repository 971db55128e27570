#include "http/token.hpp"

#include <catch2/catch.hpp>

using namespace habitd;
using namespace std::chrono_literals;

TEST_CASE("sha256_hex gives the published digest") {
  // FIPS 180-4 example "abc".
  CHECK(sha256_hex("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("token_list grants what the presented token was given") {
  const auto tokens = token_list::make(
    {{sha256_hex("one"), scope::read}, {sha256_hex("two"), scope::admin}});

  REQUIRE(tokens);
  CHECK(tokens->granted("one") == scope::read);
  CHECK(tokens->granted("two") == scope::admin);
  CHECK(tokens->granted("three") == scope::none);
  CHECK(tokens->granted("") == scope::none);
  CHECK(tokens->granted(sha256_hex("two")) == scope::none);
}

TEST_CASE("token_list refuses what is no hash, or grants nothing") {
  CHECK_FALSE(token_list::make({{"secret", scope::admin}}));
  CHECK_FALSE(token_list::make({{std::string(64, 'g'), scope::admin}}));
  CHECK_FALSE(token_list::make({{sha256_hex("one"), scope::none}}));
}

TEST_CASE("failure_limit counts the last minute only") {
  failure_limit limit{2};
  const std::chrono::steady_clock::time_point start{};

  CHECK(limit.add(start));
  CHECK(limit.add(start + 30s));
  CHECK_FALSE(limit.add(start + 59s));
  CHECK(limit.add(start + 60s));
  CHECK_FALSE(limit.add(start + 61s));
}
