#include "messages/period.hpp"
#include "messages/time_text.hpp"

#include <catch2/catch.hpp>

using namespace habitd;

TEST_CASE("weeks go from Monday to Sunday, also before 1970") {
  for (int number = -1000; number < 30'000; ++number) {
    const auto week = period_of(local_day{number}, layer::week);
    CHECK(weekday_of(first_day_of(week)) == 0);
    CHECK(end_of(week) - first_day_of(week) == 7);
    CHECK(first_day_of(week) <= local_day{number});
    CHECK(local_day{number} < end_of(week));
  }
  CHECK(period_of(local_day{0}, layer::week).number == 0);
}

TEST_CASE("months are those of the calendar") {
  const auto month = period_of(*parse_date("2028-02-29"), layer::month);

  CHECK(month.number == 58 * 12 + 1);
  CHECK(format_date(first_day_of(month)) == "2028-02-01");
  CHECK(format_date(end_of(month)) == "2028-03-01");
  CHECK(period_of(local_day{-1}, layer::month).number == -1);
  CHECK(format_date(first_day_of({layer::month, -13})) == "1968-12-01");
}

TEST_CASE("a day is a period of itself") {
  const auto day = period_of(local_day{20'000}, layer::day);

  CHECK(day.number == 20'000);
  CHECK(first_day_of(day) == local_day{20'000});
  CHECK(end_of(day) == local_day{20'001});
}
