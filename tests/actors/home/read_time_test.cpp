#include "actors/home/read_time.hpp"

#include <catch2/catch.hpp>

namespace habitd {

namespace {

std::shared_ptr<const home_calendar> berlin() {
  return std::make_shared<const home_calendar>(*home_calendar::open("Europe/Berlin"));
}

std::string instant_of(std::string_view text) {
  const auto reading = read_time(text);
  return reading ? format_utc(local_times{berlin()}.instant(*reading)) : "";
}

} // namespace

TEST_CASE("times of every spelling give their instant") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
    {"2026-11-22T07:05:00.123456+01:00", "2026-11-22T06:05:00.123Z"},
    {"2026-11-22T07:05:00.123999Z", "2026-11-22T07:05:00.123Z"},
    {"2026-11-22 07:05:00+0130", "2026-11-22T05:35:00.000Z"},
    {"2026-11-22T07:05-05", "2026-11-22T12:05:00.000Z"},
    {"2026-11-22 07:05:00", "2026-11-22T06:05:00.000Z"},
    {"2026-07-22 07:05:00", "2026-07-22T05:05:00.000Z"},
    {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
    {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"},
    {"25-Feb-2008 00:20:14", "2008-02-24T23:20:14.000Z"},
    {"5-JUL-2008 00:20:14", "2008-07-04T22:20:14.000Z"},
    {"1763791500", "2025-11-22T06:05:00.000Z"},
    {"1763791500.123999", "2025-11-22T06:05:00.123Z"},
    {"1763791500123", "2025-11-22T06:05:00.123Z"},
    {"1763791500123456", "2025-11-22T06:05:00.123Z"},
    {"1763791500123456789", "2025-11-22T06:05:00.123Z"},
    {"1.7637915e9", "2025-11-22T06:05:00.000Z"},
  }));

  CAPTURE(text);
  CHECK(instant_of(text) == expected);
}

TEST_CASE("what is no time is not read as one") {
  const auto* const text = GENERATE(
    "", "soon", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-22T24:00:00Z",
    "2026-11-22T07:61:00Z", "2026-11-22T07:05:00+99:00", "2026-11-22T07:05:00Zulu",
    "2026-11-22T07:05:00.Z", "2026-11-22", "31-Xyz-2008 00:00:00", "32-Jan-2008 00:00:00",
    "17637x", "99999999999999999999999", "nan", "-", "2026-11-22T07:05:00.123456+01:0");

  CAPTURE(text);
  CHECK_FALSE(read_time(text));
}

TEST_CASE("a time read from a double is the one read from text") {
  for (int us = 0; us < 1'000'000; us += 37) {
    const double seconds = 1763791500 + us / 1e6;
    if (from_unix_seconds(seconds).time_since_epoch().count() !=
        1763791500000 + us / 1000)
      FAIL("differs at " << us);
  }
  SUCCEED();
}

TEST_CASE("local times near a change of offset are exact") {
  local_times times{berlin()};
  const auto at = [&](const char* text) {
    return format_utc(times.instant(*read_time(text)));
  };

  CHECK(at("2026-03-29 01:59:59.999") == "2026-03-29T00:59:59.999Z");
  CHECK(at("2026-03-29 02:30:00") == "2026-03-29T01:00:00.000Z"); // does not exist
  CHECK(at("2026-03-29 03:00:00") == "2026-03-29T01:00:00.000Z");
  CHECK(at("2026-10-25 02:30:00") == "2026-10-25T00:30:00.000Z"); // the first of two
  CHECK(at("2026-10-25 03:00:00") == "2026-10-25T02:00:00.000Z");
}

TEST_CASE("dates and times of day are read apart") {
  CHECK(read_date("2020.07.20.") == read_date("2020-07-20"));
  CHECK(read_date("1970-01-02") == 1);
  CHECK_FALSE(read_date("2020-7-20"));
  CHECK_FALSE(read_date("2020-07-20x"));
  CHECK(read_time_of_day("07:05:00.5") == 25'500'500);
  CHECK_FALSE(read_time_of_day("7:05"));
  CHECK_FALSE(read_time_of_day("07:05:00 "));
}

TEST_CASE("times before 1980 and from 2100 on are out of range") {
  const auto at = [](const char* text) {
    return wall_time{std::chrono::milliseconds{read_time(text)->ms}};
  };

  CHECK_FALSE(in_range(at("1979-12-31T23:59:59.999Z")));
  CHECK(in_range(at("1980-01-01T00:00:00Z")));
  CHECK(in_range(at("2099-12-31T23:59:59.999Z")));
  CHECK_FALSE(in_range(at("2100-01-01T00:00:00Z")));
}

} // namespace habitd
