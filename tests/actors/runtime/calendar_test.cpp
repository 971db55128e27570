#include "actors/runtime/calendar.hpp"

#include <catch2/catch.hpp>

namespace habitd {
namespace {

using namespace std::chrono_literals;

home_calendar calendar_of(const std::string& zone) {
  auto calendar = home_calendar::open(zone);
  REQUIRE(calendar);
  return *calendar;
}

local_day day(const std::string& text) {
  const auto parsed = parse_date(text);
  REQUIRE(parsed);
  return *parsed;
}

std::chrono::milliseconds length(const home_calendar& calendar, const std::string& date) {
  const auto span = calendar.span_of(day(date));
  return span.end - span.begin;
}

TEST_CASE("a day begins at 03:00 and belongs to the date on which it begins") {
  const auto berlin = calendar_of("Europe/Berlin");
  const auto begin = berlin.span_of(day("2026-01-15")).begin;

  CHECK(berlin.format(begin) == "2026-01-15T03:00:00+01:00");
  CHECK(berlin.day_of(begin) == day("2026-01-15"));
  CHECK(berlin.day_of(begin - 1ms) == day("2026-01-14"));
}

TEST_CASE("days of a change to and from summer time have 23 and 25 hours") {
  const auto berlin = calendar_of("Europe/Berlin");

  CHECK(length(berlin, "2026-03-28") == 23h);
  CHECK(length(berlin, "2026-03-29") == 24h);
  CHECK(length(berlin, "2026-10-24") == 25h);
}

TEST_CASE("on a 25 hour day the repeated hour has the same wall time twice") {
  const auto berlin = calendar_of("Europe/Berlin");
  const auto clock = berlin.clock_of(day("2026-10-24"));
  const auto first = clock.span().begin + 23h + 30min; // 02:30 summer time

  CHECK(clock.seconds_since_start(first) == 23 * 3600 + 1800);
  CHECK(clock.seconds_since_start(first + 1h) == 23 * 3600 + 1800);
}

TEST_CASE("every instant lies in the span of its own day, in every kind of zone") {
  for (const auto* zone : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                           "Africa/Cairo", "Asia/Kathmandu", "Pacific/Apia", "UTC"}) {
    const auto calendar = calendar_of(zone);
    for (auto at = wall_time{1'290'000'000'000ms}; at < wall_time{1'330'000'000'000ms};
         at += 47min) {
      const auto span = calendar.span_of(calendar.day_of(at));
      REQUIRE(span.begin <= at);
      REQUIRE(at < span.end);
    }
  }
}

TEST_CASE("a date that a zone skipped is an empty day") {
  // Samoa crossed the date line: 2011-12-30 did not exist.
  const auto apia = calendar_of("Pacific/Apia");

  CHECK(length(apia, "2011-12-29") + length(apia, "2011-12-30") == 24h);
}

TEST_CASE("a time skipped by summer time is the instant of the change") {
  const auto berlin = calendar_of("Europe/Berlin");

  const auto at = berlin.instant(day("2026-03-29"), 2h + 30min);

  CHECK(berlin.format(at) == "2026-03-29T03:00:00+02:00");
}

TEST_CASE("an unknown zone is refused by name") {
  const auto calendar = home_calendar::open("Europe/Berln");

  REQUIRE(!calendar);
  CHECK(describe(calendar.error()).find("\"Europe/Berln\"") != std::string::npos);
}

TEST_CASE("dates are parsed strictly") {
  CHECK(format_date(day("2024-02-29")) == "2024-02-29");
  for (const auto* text :
       {"", "2024-02-30", "2024-2", "24-02-01x", "2024/02/01", "a-b-c"})
    CHECK_FALSE(parse_date(text));
}

TEST_CASE("weekdays count from Monday") {
  CHECK(weekday_of(day("2026-11-22")) == 6);
  CHECK(weekday_of(day("1969-12-29")) == 0);
}

} // namespace
} // namespace habitd
