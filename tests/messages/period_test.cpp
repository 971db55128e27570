#include "messages/period.hpp"
#include "messages/time_text.hpp"

#include <catch2/catch.hpp>

using namespace habitd;

TEST_CASE("weeks go from Monday to Sunday, also before 1970") {
  for (int number = -1000; number < 30'000; ++number) {
    const auto week = period_of(layer::week, {number});
    const auto days = days_of(week);
    CHECK(weekday_of(days.first) == 0);
    CHECK(days.end - days.first == 7);
    CHECK(days.first <= local_day{number});
    CHECK(local_day{number} < days.end);
  }
  CHECK(period_of(layer::week, {0}).number == 0);
}

TEST_CASE("months are those of the calendar") {
  const auto month = period_of(layer::month, *parse_date("2028-02-29"));

  CHECK(month.number == 58 * 12 + 1);
  CHECK(format_date(days_of(month).first) == "2028-02-01");
  CHECK(format_date(days_of(month).end) == "2028-03-01");
  CHECK(period_of(layer::month, {-1}).number == -1);
  CHECK(format_date(days_of({layer::month, -13}).first) == "1968-12-01");
}

TEST_CASE("a day is a period of itself") {
  const auto day = period_of(layer::day, {20'000});

  CHECK(day.number == 20'000);
  CHECK(days_of(day).first == local_day{20'000});
  CHECK(days_of(day).end == local_day{20'001});
}
