#include "messages/period.hpp"

#include <catch2/catch.hpp>

using namespace habitd;

TEST_CASE("every day lies in its week and month, which follow each other without a gap") {
  for (const auto which : {layer::day, layer::week, layer::month})
    for (int number = -1000; number < 25'000; ++number) {
      const local_day day{number};
      const auto of = period_of(day, which);
      REQUIRE((first_day_of(of) <= day && day < end_of(of)));
      REQUIRE(period_of(end_of(of), which).number == of.number + 1);
    }
}

TEST_CASE("weeks begin on Mondays and months on the first") {
  const local_day day{20'514}; // 2026-03-02, a Monday

  CHECK(first_day_of(period_of(day + 6, layer::week)) == day);
  CHECK(weekday_of(first_day_of(period_of(day + 3, layer::week))) == 0);
  CHECK(first_day_of(period_of(day, layer::month)) == day - 1);
  CHECK(end_of(period_of(day, layer::month)) == day - 1 + 31);
}
