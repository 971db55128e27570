#include "tools/simulator/nulls.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

using namespace habitd;

namespace {

constexpr local_day monday{20'514}; // 2026-03-02; the clock changes on the 29th in Berlin
constexpr auto lamp = item_of(1, turn::on);
constexpr auto fan = item_of(2, turn::on);

home_calendar calendar_of(const std::string& zone = "Europe/Berlin") {
  auto calendar = home_calendar::open(zone);
  REQUIRE(calendar);
  return *calendar;
}

activation activation_at(const home_calendar& calendar, local_day day, std::int32_t at,
                         item_number item) {
  const auto clock = calendar.clock_of(day);
  const auto wall =
    clock.seconds_since_start(clock.span().begin + std::chrono::milliseconds{at});
  return {.at = at, .bin = static_cast<std::uint16_t>(wall / 300), .item = item};
}

/// The lamp each day at 08:00, the fan five seconds after it and again at 10:00 + day minutes.
std::vector<home_day> regular_days(const home_calendar& calendar, int count) {
  std::vector<home_day> days;
  for (int i = 0; i < count; ++i) {
    home_day day;
    day.day = monday + i;
    day.observed.set();
    day.exposure.fill(900);
    const std::int32_t hour = 3'600'000;
    for (const auto& [at, item] :
         {std::pair{5 * hour, lamp}, std::pair{5 * hour + 5000, fan},
          std::pair{7 * hour + i * 60'000, fan}})
      day.activations.push_back(activation_at(calendar, day.day, at, item));
    days.push_back(std::move(day));
  }
  return days;
}

bool consistent(const std::vector<home_day>& days, const home_calendar& calendar) {
  for (const auto& day : days) {
    const auto span = calendar.span_of(day.day);
    for (const auto& each : day.activations)
      if (each.at < 0 || each.at >= (span.end - span.begin).count() ||
          activation_at(calendar, day.day, each.at, each.item).bin != each.bin)
        return false;
    if (!std::is_sorted(day.activations.begin(), day.activations.end(),
                        [](const auto& a, const auto& b) {
                          return std::tie(a.at, a.item) < std::tie(b.at, b.item);
                        }))
      return false;
  }
  return true;
}

std::size_t count_of(const std::vector<home_day>& days, item_number item) {
  std::size_t count = 0;
  for (const auto& day : days)
    count += static_cast<std::size_t>(
      std::count_if(day.activations.begin(), day.activations.end(),
                    [&](const auto& each) { return each.item == item; }));
  return count;
}

/// Days on which the fan turns on within a minute after the lamp.
int days_with_response(const std::vector<home_day>& days) {
  int count = 0;
  for (const auto& day : days) {
    bool found = false;
    for (const auto& a : day.activations)
      for (const auto& b : day.activations)
        found = found ||
                (a.item == lamp && b.item == fan && b.at > a.at && b.at < a.at + 60'000);
    count += found;
  }
  return count;
}

std::set<int> bins_of(const std::vector<home_day>& days, item_number item) {
  std::set<int> bins;
  for (const auto& day : days)
    for (const auto& each : day.activations)
      if (each.item == item)
        bins.insert(each.bin);
  return bins;
}

} // namespace

TEST_CASE("rotating days keeps their counts and gaps and loses times and pairs") {
  const auto calendar = calendar_of();
  const auto days = regular_days(calendar, 40);

  const auto null = rotate_days(days, calendar, 1);

  CHECK(consistent(null, calendar));
  for (std::size_t i = 0; i < days.size(); ++i)
    CHECK(null[i].activations.size() == days[i].activations.size());
  CHECK(bins_of(null, lamp).size() > 30);
  CHECK(days_with_response(null) < 3);
}

TEST_CASE("rotating a day moves an entity's activations together") {
  const auto calendar = calendar_of("UTC");
  const auto days = regular_days(calendar, 1);

  const auto null = rotate_days(days, calendar, 3);

  std::vector<std::int32_t> fans;
  for (const auto& each : null[0].activations)
    if (each.item == fan)
      fans.push_back(each.at);
  const auto gap = fans.at(1) - fans.at(0);
  const auto before = 2 * 3'600'000 - 5000;
  CHECK((gap == before || gap == 86'400'000 - before));
}

TEST_CASE("rotating stays within the observed time") {
  const auto calendar = calendar_of("UTC");
  auto days = regular_days(calendar, 40);
  for (auto& day : days) {
    day.observed.reset();
    for (std::size_t bin = 48; bin < 108; ++bin) // 07:00 to 12:00
      day.observed.set(bin);
  }

  for (const auto& day : rotate_days(days, calendar, 1))
    for (const auto& each : day.activations)
      CHECK(day.observed[each.bin]);
}

TEST_CASE("shuffling the days of each entity keeps its times and loses pairs") {
  const auto calendar = calendar_of();
  auto days = regular_days(calendar, 40);
  // The lamp at a different minute each day, the fan still after it.
  for (std::size_t i = 0; i < days.size(); ++i) {
    for (auto& each : days[i].activations)
      if (each.at < 6 * 3'600'000)
        each = activation_at(calendar, days[i].day,
                             each.at + static_cast<std::int32_t>(i) * 70'000, each.item);
  }
  REQUIRE(days_with_response(days) == 40);

  const auto null = shuffle_days_apart(days, calendar, 1);

  CHECK(consistent(null, calendar));
  CHECK(count_of(null, lamp) == count_of(days, lamp));
  CHECK(count_of(null, fan) == count_of(days, fan));
  CHECK(bins_of(null, lamp) == bins_of(days, lamp));
  CHECK(days_with_response(null) < 5);
}

TEST_CASE("shuffling whole days keeps pairs and loses the order of days") {
  const auto calendar = calendar_of("UTC");
  const auto days = regular_days(calendar, 40);

  const auto null = shuffle_days(days, calendar, 1);

  CHECK(consistent(null, calendar));
  CHECK(days_with_response(null) == 40);
  int moved = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    CHECK(null[i].day == days[i].day);
    moved += null[i].activations != days[i].activations;
  }
  CHECK(moved > 30);
}

TEST_CASE("shuffling leaves days that were not wholly observed where they are") {
  const auto calendar = calendar_of("UTC");
  auto days = regular_days(calendar, 20);
  days[7].observed.reset(0);

  CHECK(shuffle_days(days, calendar, 1)[7].activations == days[7].activations);
  CHECK(shuffle_days_apart(days, calendar, 1)[7].activations == days[7].activations);
}

TEST_CASE("redrawing keeps the rate within two hours and loses what is sharp") {
  const auto calendar = calendar_of();
  const auto days = regular_days(calendar, 200);

  const auto null = redraw_days(days, calendar, 1);

  CHECK(consistent(null, calendar));
  CHECK(count_of(null, lamp) == Approx(200).margin(4 * 14.2));
  const auto bins = bins_of(null, lamp);
  CHECK(bins.size() == 25);
  CHECK(*bins.begin() == 60 - 12);
  CHECK(*bins.rbegin() == 60 + 12);
}

TEST_CASE("nulls are the same for the same seed and differ between seeds") {
  const auto calendar = calendar_of();
  const auto days = regular_days(calendar, 20);

  for (const auto& make : {rotate_days, shuffle_days_apart, shuffle_days, redraw_days}) {
    const auto same = [&](std::uint64_t a, std::uint64_t b) {
      const auto first = make(days, calendar, a);
      const auto second = make(days, calendar, b);
      return std::equal(first.begin(), first.end(), second.begin(),
                        [](auto& x, auto& y) { return x.activations == y.activations; });
    };
    CHECK(same(1, 1));
    CHECK_FALSE(same(1, 2));
  }
}
