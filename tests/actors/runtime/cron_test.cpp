#include "actors/runtime/cron.hpp"

#include <catch2/catch.hpp>

namespace habitd {
namespace {

using namespace std::chrono_literals;

home_calendar calendar_of(const char* zone) {
  auto calendar = home_calendar::open(zone);
  REQUIRE(calendar);
  return *calendar;
}

cron_expression cron(const char* text) {
  const auto parsed = parse_cron(text);
  REQUIRE(parsed);
  return *parsed;
}

/// The next runs after a UTC instant, as the home's clock shows them.
std::string runs(const char* text, const char* zone, const char* after, int count) {
  const auto calendar = calendar_of(zone);
  const auto expression = cron(text);
  std::string result;
  auto at = next_run(expression, calendar, *parse_utc(after));
  for (int i = 0; i < count && at; ++i) {
    result += (i > 0 ? " " : "") + calendar.format(*at);
    at = next_run(expression, calendar, *at);
  }
  return result;
}

TEST_CASE("a run is at the whole minute, strictly after the instant given") {
  CHECK(runs("0 3 * * *", "UTC", "2026-01-01T02:59:59.999Z", 1) ==
        "2026-01-01T03:00:00+00:00");
  CHECK(runs("0 3 * * *", "UTC", "2026-01-01T03:00:00.000Z", 1) ==
        "2026-01-02T03:00:00+00:00");
  CHECK(runs("*/30 * * * *", "Asia/Kathmandu", "2026-01-01T00:00:00.001Z", 2) ==
        "2026-01-01T06:00:00+05:45 2026-01-01T06:30:00+05:45");
}

TEST_CASE("a fixed time that summer time skips is run at the change") {
  CHECK(runs("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00.000Z", 3) ==
        "2026-03-28T02:30:00+01:00 2026-03-29T03:00:00+02:00 2026-03-30T02:30:00+02:00");
  CHECK(runs("0,30 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00:00.000Z", 2) ==
        "2026-03-29T03:00:00+02:00 2026-03-29T03:30:00+02:00");
}

TEST_CASE("a fixed time that comes twice is run the first time only") {
  CHECK(runs("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00.000Z", 2) ==
        "2026-10-25T02:30:00+02:00 2026-10-26T02:30:00+01:00");
  CHECK(runs("30 2 * * *", "Europe/Berlin", "2026-10-25T01:10:00.000Z", 1) ==
        "2026-10-26T02:30:00+01:00"); // asked within the second 02:00 hour
}

TEST_CASE("a job of every hour follows the clock through its changes") {
  CHECK(runs("30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00.000Z", 3) ==
        "2026-03-29T01:30:00+01:00 2026-03-29T03:30:00+02:00 2026-03-29T04:30:00+02:00");
  CHECK(runs("30 * * * *", "Europe/Berlin", "2026-10-24T23:45:00.000Z", 3) ==
        "2026-10-25T02:30:00+02:00 2026-10-25T02:30:00+01:00 2026-10-25T03:30:00+01:00");
  CHECK(runs("0 */2 * * *", "Europe/Berlin", "2026-03-28T23:30:00.000Z", 1) ==
        "2026-03-29T04:00:00+02:00");
}

TEST_CASE("midnights that are skipped or come twice give one run each") {
  CHECK(runs("0 0 * * *", "Africa/Cairo", "2026-04-22T22:00:00.000Z", 3) ==
        "2026-04-24T01:00:00+03:00 2026-04-25T00:00:00+03:00 2026-04-26T00:00:00+03:00");
  CHECK(runs("0 0 * * *", "Asia/Beirut", "2026-03-28T12:00:00.000Z", 2) ==
        "2026-03-29T01:00:00+03:00 2026-03-30T00:00:00+03:00");
  CHECK(runs("0 0 * * *", "America/Santiago", "2026-09-05T12:00:00.000Z", 2) ==
        "2026-09-06T01:00:00-03:00 2026-09-07T00:00:00-03:00");
  CHECK(runs("30 23 * * *", "America/Santiago", "2026-04-04T12:00:00.000Z", 2) ==
        "2026-04-04T23:30:00-03:00 2026-04-05T23:30:00-04:00");
}

TEST_CASE("a date that a zone left out has no run") {
  CHECK(runs("0 3 * * *", "Pacific/Apia", "2011-12-29T00:00:00.000Z", 3) ==
        "2011-12-29T03:00:00-10:00 2011-12-31T03:00:00+14:00 2012-01-01T03:00:00+14:00");
  CHECK(runs("0 0 * * *", "Pacific/Apia", "2011-12-29T00:00:00.000Z", 2) ==
        "2011-12-29T00:00:00-10:00 2011-12-31T00:00:00+14:00");
  CHECK(runs("0 0 30 12 *", "Pacific/Apia", "2010-12-31T12:00:00.000Z", 1) ==
        "2012-12-30T00:00:00+14:00");
}

TEST_CASE("the last run of a time is found however long it was") {
  const auto berlin = calendar_of("Europe/Berlin");
  const auto from = *parse_utc("2025-01-01T00:00:00.000Z");
  const auto until = *parse_utc("2026-02-05T01:59:00.000Z"); // 02:59 in Berlin
  const auto last = [&](const char* text) {
    const auto at = last_run(cron(text), berlin, from, until);
    return at ? berlin.format(*at) : std::string{"none"};
  };

  CHECK(last("0 3 * * *") == "2026-02-04T03:00:00+01:00");
  CHECK(last("59 2 * * *") == "2026-02-05T02:59:00+01:00");
  CHECK(last("* * * * *") == "2026-02-05T02:59:00+01:00");
  CHECK(last("0 0 1 6 *") == "2025-06-01T00:00:00+02:00");
  CHECK(last("0 0 29 2 *") == "none");
}

} // namespace
} // namespace habitd
