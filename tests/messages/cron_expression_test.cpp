#include "messages/cron_expression.hpp"

#include "messages/time_text.hpp"

#include <catch2/catch.hpp>

namespace habitd {
namespace {

cron_expression cron(const char* text) {
  const auto parsed = parse_cron(text);
  INFO(text << ": " << describe(parsed ? error{} : parsed.error()));
  REQUIRE(parsed);
  return *parsed;
}

std::string complaint_about(const char* text) {
  const auto parsed = parse_cron(text);
  return parsed ? "no complaint" : describe(parsed.error());
}

template <std::size_t Size>
std::vector<std::size_t> values(const std::bitset<Size>& set) {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < Size; ++i)
    if (set[i])
      result.push_back(i);
  return result;
}

using numbers = std::vector<std::size_t>;

/// The next dates an expression falls on, from 2026-01-01 (a Thursday) on.
std::string dates(const char* text, int count) {
  const auto expression = cron(text);
  std::string result;
  auto date = next_date(expression, *parse_date("2026-01-01"));
  for (int i = 0; i < count && date; ++i) {
    result += (i > 0 ? " " : "") + format_date(*date);
    date = next_date(expression, *date + 1);
  }
  return result;
}

TEST_CASE("numbers, ranges, lists and steps are read") {
  CHECK(values(cron("5 * * * *").minutes) == numbers{5});
  CHECK(values(cron("0 9-11 * * *").hours) == numbers{9, 10, 11});
  CHECK(values(cron("0,30,45 * * * *").minutes) == numbers{0, 30, 45});
  CHECK(values(cron("*/20 * * * *").minutes) == numbers{0, 20, 40});
  CHECK(values(cron("0 8-20/6,23 * * *").hours) == numbers{8, 14, 20, 23});
  CHECK(values(cron("0 0 */10 * *").days) == numbers{1, 11, 21, 31});
  CHECK(values(cron("0 0 * 1-12/3 *").months) == numbers{1, 4, 7, 10});
  CHECK(values(cron("  0\t3  * * * ").hours) == numbers{3});
}

TEST_CASE("months and weekdays have names in any case, and Sunday is 0 and 7") {
  CHECK(values(cron("0 0 * Jan,DEC *").months) == numbers{1, 12});
  CHECK(values(cron("0 0 * * mon-Fri").weekdays) == numbers{1, 2, 3, 4, 5});
  CHECK(values(cron("0 0 * * 7").weekdays) == numbers{0});
  CHECK(values(cron("0 0 * * SUN").weekdays) == numbers{0});
  CHECK(values(cron("0 0 * * fri-sun").weekdays) == numbers{0, 5, 6});
  CHECK(values(cron("0 0 * * 5-7").weekdays) == numbers{0, 5, 6});
}

TEST_CASE("nicknames stand for their five fields") {
  CHECK(cron("@hourly").minutes == cron("0 * * * *").minutes);
  CHECK(cron("@hourly").any_hour);
  CHECK(cron("@Daily").hours == cron("0 0 * * *").hours);
  CHECK(dates("@weekly", 2) == "2026-01-04 2026-01-11");
  CHECK(dates("@monthly", 2) == "2026-01-01 2026-02-01");
}

TEST_CASE("either the day of month or the weekday will do where both are restricted") {
  CHECK(dates("0 0 13 * fri", 4) == "2026-01-02 2026-01-09 2026-01-13 2026-01-16");
  CHECK(dates("0 0 13 * *", 2) == "2026-01-13 2026-02-13");
  CHECK(dates("0 0 * * fri", 2) == "2026-01-02 2026-01-09");
  // a field that begins with '*' is not restricted, whatever its step
  CHECK(dates("0 0 */2 * fri", 2) == "2026-01-09 2026-01-23");
}

TEST_CASE("rare dates are found, also across a year 2100 without a leap day") {
  CHECK(dates("0 0 29 2 *", 2) == "2028-02-29 2032-02-29");
  CHECK(format_date(*next_date(cron("0 0 29 2 *"), *parse_date("2096-03-01"))) ==
        "2104-02-29");
  CHECK(format_date(*next_date(cron("0 0 29 2 */7"), *parse_date("2088-03-01"))) ==
        "2128-02-29"); // on a Sunday
}

TEST_CASE("what is wrong in an expression is told with its field and what is allowed") {
  const std::pair<const char*, const char*> wrong[] = {
    {"0 25 * * *", "field 2 (hour): 25 is not within 0-23"},
    {"60 * * * *", "field 1 (minute): 60 is not within 0-59"},
    {"0 0 0 * *", "field 3 (day of month): 0 is not within 1-31"},
    {"0 0 * 13 *", "field 4 (month): 13 is not within 1-12"},
    {"0 0 * * 8", "field 5 (day of week): 8 is not within 0-7"},
    {"99999999999 * * * *", "field 1 (minute): 99999999999 is not within 0-59"},
    {"0 0 * foo *", "field 4 (month): foo is not understood (allowed: 1-12, jan-dec, *, "
                    "ranges a-b, lists a,b and steps a-b/n)"},
    {"0 0 * anf *", "field 4 (month): anf is not understood (allowed: 1-12, jan-dec, *, "
                    "ranges a-b, lists a,b and steps a-b/n)"},
    {"-1 * * * *", "field 1 (minute): a value is missing (allowed: 0-59, *, ranges a-b, "
                   "lists a,b and steps a-b/n)"},
    {"1,,2 * * * *", "field 1 (minute): a value is missing (allowed: 0-59, *, ranges "
                     "a-b, lists a,b and steps a-b/n)"},
    {"0 5-2 * * *", "field 2 (hour): 5-2 is a range that runs backwards"},
    {"*/0 * * * *", "field 1 (minute): */0 has a step that is not within 1-59"},
    {"*/x * * * *", "field 1 (minute): */x has a step that is no number"},
    {"*/ * * * *", "field 1 (minute): */ has a step that is no number"},
    {"5/2 * * * *",
     "field 1 (minute): 5/2 has a step, which takes a range or * before it"},
    {"0 3 * *", "4 fields instead of 5: minute, hour, day of month, month, day of week"},
    {"", "0 fields instead of 5: minute, hour, day of month, month, day of week"},
    {"0 3 * * * root",
     "6 fields instead of 5: minute, hour, day of month, month, day of week"},
    {"@reboot", "@reboot is none of @hourly, @daily, @weekly, @monthly"},
    {"0 0 31 2 *", "no date ever matches: fields 3 to 5 are 31 2 *"},
    {"0 0 30-31 2 *", "no date ever matches: fields 3 to 5 are 30-31 2 *"},
  };
  for (const auto& [text, message] : wrong) {
    CAPTURE(text);
    CHECK(complaint_about(text) == std::string{"invalid input: "} + message);
  }
  CHECK(complaint_about("0 0 31 2 mon") == "no complaint"); // a Monday will do
}

} // namespace
} // namespace habitd
