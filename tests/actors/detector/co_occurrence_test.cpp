#include "actors/detector/co_occurrence/co_occurrence.hpp"
#include "actors/detector/co_occurrence/observe.hpp"
#include "tests/actors/detector/made_habits.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace habitd;

namespace {

std::vector<pair_link> responses_in(const std::vector<home_day>& days) {
  const auto memory = remember(co_occurrence_detector(), days);
  const auto history = memory.history();
  const auto window =
    read_pair_window(history, days.back().day, static_cast<int>(days.size()));
  return *find_responses(history, *window, *scan_pairs(*window), name_of_made);
}

bool says(const pair_link& link, entity_number trigger, entity_number response) {
  return link.pair.trigger == item_of(trigger, turn::on) &&
         link.pair.response == item_of(response, turn::on);
}

bool has(const std::vector<pair_link>& links, entity_number trigger,
         entity_number response) {
  return std::any_of(links.begin(), links.end(),
                     [&](const auto& link) { return says(link, trigger, response); });
}

/// Forty entities, ten pairs among them, all busy in the mornings and evenings.
made_home home_with_pairs(seeded& random, int days) {
  made_home home{days};
  for (entity_number entity = 1; entity <= 40; ++entity)
    add_diurnal_noise(home, entity, 3, random);
  for (entity_number pair = 0; pair < 10; ++pair)
    add_response(home, {.trigger = 2 * pair + 1, .response = 2 * pair + 2}, true, random);
  return home;
}

} // namespace

TEST_CASE("planted responses are found in a month, and nothing else is") {
  int right = 0;
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    seeded random{seed};
    const auto links = responses_in(home_with_pairs(random, 30).days());
    found += links.size();
    for (entity_number pair = 0; pair < 10; ++pair)
      right += has(links, 2 * pair + 1, 2 * pair + 2);
  }

  CHECK(right >= 0.95 * 50);
  CHECK(found - static_cast<std::size_t>(right) <= 1);
}

TEST_CASE("entities that are only busy at the same hours don't respond to each other") {
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    seeded random{seed};
    made_home home{28};
    for (entity_number entity = 1; entity <= 15; ++entity)
      add_diurnal_noise(home, entity, 10, random);
    for (entity_number entity = 16; entity <= 25; ++entity)
      add_bursts(home, entity, 2, random);
    for (entity_number entity = 26; entity <= 40; ++entity)
      add_clock_habit(home, {.entity = entity, .at = 4.2 * hours}, random);
    found += responses_in(home.days()).size();
  }

  CHECK(found == 0);
}

TEST_CASE("entities that are used in the same half hours don't respond to each other") {
  std::size_t found = 0;
  std::size_t planted = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    seeded random{seed};
    made_home home{28};
    add_presence(home, 1, 30, 5, random);
    add_response(home, {.trigger = 31, .response = 32}, false, random);
    const auto links = responses_in(home.days());
    planted += has(links, 31, 32);
    found += links.size();
  }

  CHECK(planted == 5);
  CHECK(found - planted <= 1);
}

TEST_CASE("a response says how soon it comes and how often") {
  seeded random{3};
  made_home home{28};
  add_response(home, {.chance = 0.8, .lag = 30}, false, random);

  const auto links = responses_in(home.days());

  REQUIRE(links.size() == 1);
  CHECK(says(links[0], 1, 2));
  CHECK(links[0].lag == Approx(30).epsilon(0.3));
  CHECK(links[0].pair.strength.hits >= 0.7 * links[0].pair.strength.triggers);
  CHECK(links[0].pair.q <= 0.05);
}

TEST_CASE("what answers a few of many triggers is no response") {
  seeded random{10};
  made_home home{28};
  add_response(home, {.per_day = 20, .chance = 0.05, .lag = 10}, false, random);

  CHECK(responses_in(home.days()).empty());
}

TEST_CASE("what happens within a second has no order") {
  seeded random{11};
  made_home home{28};
  for (int day = 0; day < 28; ++day)
    for (int n = 0; n < 5; ++n) {
      const double at = random.uniform(0, 23 * hours);
      home.add(day, at, 1);
      home.add(day, at + 0.8, 2);
    }

  CHECK(responses_in(home.days()).empty());
}

TEST_CASE(
  "whoever is present sets a sensor off, and other things follow it by that alone") {
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    seeded random{seed};
    made_home home{28};
    for (int day = 0; day < 28; ++day)
      for (int n = 0; n < 6; ++n) { // a quarter of an hour or more in the room
        const double from = random.uniform(0, 23 * hours);
        const double length = random.uniform(15 * minutes, 30 * minutes);
        for (double at = from; at < from + length; at += random.uniform(20, 100))
          home.add(day, at, 1);
        for (entity_number entity = 2; entity <= 6; ++entity)
          if (random.chance(0.6))
            home.add(day, from + random.uniform(0, length), entity);
      }
    for (const auto& link : responses_in(home.days()))
      found += link.pair.trigger == item_of(1, turn::on);
  }

  CHECK(found <= 1);
}

TEST_CASE("a chain is reported as its steps") {
  seeded random{4};
  made_home home{28};
  for (int day = 0; day < 28; ++day)
    for (int n = 0; n < 4; ++n) {
      const double at = random.uniform(0, 23 * hours);
      home.add(day, at, 1);
      if (!random.chance(0.8))
        continue;
      home.add(day, at + 20 + random.uniform(0, 5), 2);
      if (random.chance(0.8))
        home.add(day, at + 50 + random.uniform(0, 5), 3);
    }

  const auto links = responses_in(home.days());

  REQUIRE(links.size() == 2);
  CHECK(has(links, 1, 2));
  CHECK(has(links, 2, 3));
}

TEST_CASE("two responses to one trigger don't respond to each other") {
  seeded random{5};
  made_home home{28};
  for (int day = 0; day < 28; ++day)
    for (int n = 0; n < 6; ++n) {
      const double at = random.uniform(0, 23 * hours);
      home.add(day, at, 1);
      if (random.chance(0.7))
        home.add(day, at + 15 + random.uniform(0, 5), 2);
      if (random.chance(0.7))
        home.add(day, at + 30 + random.uniform(0, 5), 3);
    }

  const auto links = responses_in(home.days());

  REQUIRE(links.size() == 2);
  CHECK(has(links, 1, 2));
  CHECK(has(links, 1, 3));
}

TEST_CASE("turns of one entity are never a pair") {
  seeded random{6};
  made_home home{28};
  for (int day = 0; day < 28; ++day)
    for (int n = 0; n < 6; ++n) {
      const double at = random.uniform(0, 23 * hours);
      home.add(day, at, 1, turn::on);
      home.add(day, at + 40, 1, turn::off);
    }

  CHECK(responses_in(home.days()).empty());
}

TEST_CASE("a response that an automation gives is no habit") {
  seeded random{7};
  made_home home{28};
  for (int day = 0; day < 28; ++day)
    for (int n = 0; n < 6; ++n) {
      const double at = random.uniform(0, 23 * hours);
      home.add(day, at, 1);
      home.add(day, at + 10, 2, turn::on, n > 0); // once a day by hand
    }

  CHECK(responses_in(home.days()).empty());
}

TEST_CASE("a scan and a test of one pair agree") {
  seeded random{8};
  const auto days = home_with_pairs(random, 28).days();
  const auto memory = remember(co_occurrence_detector(), days);
  const auto window = read_pair_window(memory.history(), days.back().day);

  const auto scan = scan_pairs(*window);

  REQUIRE_FALSE(scan->found.empty());
  for (const auto& pair : scan->found) {
    const auto one = test_pair(*window, pair.trigger, pair.response, pair.window);
    CHECK(one.hits == pair.strength.hits);
    CHECK(one.days == pair.strength.days);
    CHECK(one.p == pair.strength.p);
  }
}

TEST_CASE("hits that stick together in a few days count less") {
  made_home clustered{28};
  made_home spread{28};
  seeded random{9};
  add_noise(clustered, 2, 40, random);
  add_noise(spread, 2, 40, random);
  for (int i = 0; i < 112; ++i) { // 28 hits of 112 triggers: on seven days, or one a day
    const double at = random.uniform(0, 23 * hours);
    clustered.add(i % 28, at, 1);
    spread.add(i % 28, at, 1);
    if (i % 28 < 7)
      clustered.add(i % 28, at + 20, 2);
    if (i < 28)
      spread.add(i % 28, at + 20, 2);
  }
  const auto strength = [](const made_home& home) {
    const auto memory = remember(co_occurrence_detector(), home.days());
    const auto window = read_pair_window(memory.history(), first_monday + 27);
    return test_pair(*window, item_of(1, turn::on), item_of(2, turn::on), 0);
  };

  CHECK(strength(clustered).dispersion > 2);
  CHECK(strength(spread).dispersion < 1.5);
  CHECK(strength(clustered).p > 100 * strength(spread).p);
}
