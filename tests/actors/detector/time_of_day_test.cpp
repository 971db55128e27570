#include "actors/detector/time_of_day/record.hpp"
#include "actors/detector/time_of_day/time_of_day.hpp"
#include "tests/actors/detector/made_habits.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>

using namespace habitd;

namespace {

std::vector<clock_mode> times_in(const std::vector<home_day>& days) {
  const auto memory = remember(time_of_day_detector(), days);
  const auto window =
    read_clock_window(memory.history(), days.back().day, static_cast<int>(days.size()));
  return find_clock_habits(*window, name_of_made);
}

/// How many of the habits of `habits` were found within ten minutes, and how much else.
struct score {
  int right = 0;
  int wrong = 0;
};

score score_of(const std::vector<clock_mode>& found,
               const std::vector<clock_habit>& habits) {
  score is;
  for (const auto& mode : found) {
    const bool is_right = std::any_of(habits.begin(), habits.end(), [&](const auto& of) {
      return item_of(of.entity, turn::on) == mode.item &&
             clock_distance(clock_time(of.at / 300), clock_time(mode.strength.centre)) <=
               10 * 60;
    });
    ++(is_right ? is.right : is.wrong);
  }
  return is;
}

using add_any_noise = void (*)(made_home&, entity_number, double, seeded&);

/// Twenty habits of twenty entities and twenty entities without, for some seeds.
score score_planted(int days, add_any_noise noise, double per_day, int seeds) {
  score all;
  for (int seed = 0; seed < seeds; ++seed) {
    seeded random{static_cast<std::uint64_t>(seed)};
    made_home home{days};
    std::vector<clock_habit> habits;
    for (entity_number entity = 1; entity <= 40; ++entity) {
      noise(home, entity, per_day, random);
      if (entity > 20)
        continue;
      habits.push_back({.entity = entity, .at = random.uniform(1 * hours, 23 * hours)});
      add_clock_habit(home, habits.back(), random);
    }
    const auto one = score_of(times_in(home.days()), habits);
    all.right += one.right;
    all.wrong += one.wrong;
  }
  return all;
}

std::vector<home_day> steady_home(double at, int days = 28) {
  seeded random{4};
  made_home home{days};
  add_clock_habit(home, {.entity = 1, .at = at}, random);
  add_noise(home, 1, 2, random);
  return home.days();
}

} // namespace

TEST_CASE("habits of the clock are found among noise, and nothing else is") {
  for (const double per_day : {3.0, 10.0}) {
    const auto is = score_planted(30, add_noise, per_day, 4);

    CHECK(is.right >= 0.95 * 80);
    CHECK(is.wrong <= 2);
  }
}

TEST_CASE("habits of the clock are found among mornings and evenings, and among bursts") {
  const auto diurnal = score_planted(30, add_diurnal_noise, 3, 4);
  const auto bursts = score_planted(30, add_bursts, 1, 4);

  CHECK(diurnal.right >= 0.95 * 80);
  CHECK(diurnal.wrong <= 2);
  CHECK(bursts.right >= 0.95 * 80);
  CHECK(bursts.wrong <= 2);
}

TEST_CASE("homes without habits have no times of day") {
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    seeded random{seed};
    made_home home{28};
    for (entity_number entity = 1; entity <= 10; ++entity)
      add_noise(home, entity, 4, random);
    for (entity_number entity = 11; entity <= 20; ++entity)
      add_diurnal_noise(home, entity, 6, random);
    for (entity_number entity = 21; entity <= 30; ++entity)
      add_bursts(home, entity, 1.5, random);
    found += times_in(home.days()).size();
  }

  CHECK(found <= 1); // 0.05 per home and month
}

TEST_CASE("a habit two hours later is found two hours later, past midnight and 03:00") {
  const auto days = steady_home(10 * hours);
  const auto base = times_in(days).at(0);
  for (int turns = 1; turns < 12; ++turns) {
    auto rotated = days;
    for (auto& day : rotated) {
      for (auto& seen : day.activations) {
        seen.at = (seen.at + turns * 7'200'000) % 86'400'000;
        seen.bin = static_cast<std::uint16_t>(seen.at / 300'000);
      }
      std::sort(day.activations.begin(), day.activations.end(),
                [](const auto& a, const auto& b) { return a.at < b.at; });
    }

    const auto found = times_in(rotated);

    REQUIRE(found.size() == 1);
    const auto expected = (clock_time(base.strength.centre) + turns * 7200) % 86'400;
    CHECK(clock_distance(clock_time(found[0].strength.centre), expected) <= 60);
    CHECK(found[0].strength.support == base.strength.support);
  }
}

TEST_CASE("a habit of workdays is reported for Monday to Friday") {
  seeded random{1};
  made_home home{28};
  add_clock_habit(home, {.adherence = 0.9}, random, [](int day) { return day % 7 < 5; });
  add_clock_habit(home, {.entity = 2}, random, [](int day) { return day % 7 >= 5; });
  add_clock_habit(home, {.entity = 3}, random);

  const auto found = times_in(home.days());

  REQUIRE(found.size() == 3);
  CHECK(found[0].span.days == day_type::workdays);
  CHECK(found[0].strength.eligible == 20);
  CHECK(found[1].span.days == day_type::weekend);
  CHECK(found[2].span.days == day_type::all);
}

TEST_CASE("one item may have several times of day") {
  seeded random{2};
  made_home home{28};
  for (const double at : {3.5 * hours, 9 * hours, 15 * hours})
    add_clock_habit(home, {.at = at}, random);

  CHECK(times_in(home.days()).size() == 3);
}

TEST_CASE("the hole that a habit leaves makes no habit of what is beside it") {
  int wrong = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    seeded random{seed};
    made_home home{60};
    std::vector<clock_habit> habits;
    for (entity_number entity = 1; entity <= 12; ++entity) {
      add_diurnal_noise(home, entity, 6, random);
      // Just before the evening is at its busiest, at 19:30.
      habits.push_back({.entity = entity, .at = 15.2 * hours});
      add_clock_habit(home, habits.back(), random);
    }
    wrong += score_of(times_in(home.days()), habits).wrong;
  }

  CHECK(wrong <= 1);
}

TEST_CASE("what automations do at a time of day is no habit") {
  made_home home{28};
  seeded random{3};
  for (int day = 0; day < 28; ++day) {
    home.add(day, random.normal(4 * hours, 60), 1, turn::on, true);
    home.add(day, random.normal(4 * hours, 60), 2, turn::on, day % 2 == 0);
  }
  for (int day = 1; day < 28; day += 2) // on most days automated by now
    home.add(day, 4 * hours + 10, 2, turn::on, true);

  CHECK(times_in(home.days()).empty());
}

TEST_CASE("time that nobody observed neither makes nor hides a habit") {
  seeded random{5};
  made_home home{28};
  for (int day = 0; day < 10; ++day) // habitd was down from 06:00 to 09:00
    for (std::size_t bin = 36; bin < 72; ++bin)
      home.day(day).observed.reset(bin);
  add_clock_habit(home, {.adherence = 1}, random);
  for (entity_number entity = 2; entity < 12; ++entity)
    add_noise(home, entity, 8, random); // its flanks would look empty at 06:00

  const auto found = times_in(home.days());

  REQUIRE(found.size() == 1);
  CHECK(found[0].strength.eligible == 18);
  CHECK(found[0].strength.support >= 16);
}

TEST_CASE("the days on which an hour is missing or repeated keep a habit where it is") {
  seeded random{6};
  made_home home{28};
  add_clock_habit(home, {.at = 23.5 * hours, .sd = 4 * minutes, .adherence = 1}, random);
  home.day(6).observed = {};
  for (std::size_t bin = 0; bin < 276; ++bin)
    home.day(6).observed.set(bin);
  home.day(6).activations.clear(); // 23 hours: the last hour does not exist
  home.add(13, 22.5 * hours, 1);   // 25 hours: bins repeat

  const auto found = times_in(home.days());

  REQUIRE(found.size() == 1);
  CHECK(found[0].strength.eligible == 27);
  CHECK(clock_distance(clock_time(found[0].strength.centre), 2 * 3600 + 1800) <= 300);
}

TEST_CASE("the spread of a habit is the width of its middle 80 percent") {
  seeded random{7};
  made_home home{60};
  add_clock_habit(home, {.sd = 6 * minutes, .adherence = 1}, random);

  const auto found = times_in(home.days());

  REQUIRE(found.size() == 1);
  CHECK(found[0].strength.spread_minutes == Approx(2 * 1.2816 * 6).margin(4));
}
