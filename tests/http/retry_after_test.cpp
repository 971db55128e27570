#include "http/retry_after.hpp"

#include <catch2/catch.hpp>

using namespace habitd;
using namespace std::chrono_literals;

TEST_CASE("HTTP dates are read in all three forms") {
  for (const auto* text : {"Sun, 06 Nov 1994 08:49:37 GMT",
                           "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    CHECK(parse_http_date(text) == std::chrono::sys_seconds{784111777s});
  CHECK_FALSE(parse_http_date("soon"));
  CHECK_FALSE(parse_http_date(""));
}

TEST_CASE("a wait is read in seconds or as a date, and else not at all") {
  const std::chrono::sys_seconds now{784111777s};

  CHECK(parse_retry_after("7", now) == 7s);
  CHECK(parse_retry_after("0", {}) == 0s);
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", now) == 60s);
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now) == 0s);
  CHECK_FALSE(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", {}));
  CHECK_FALSE(parse_retry_after("-5", now));
  CHECK_FALSE(parse_retry_after("", now));
  CHECK_FALSE(parse_retry_after("a while", now));
  CHECK(parse_retry_after("99999999999999999999", now) == std::chrono::seconds::max());
}
