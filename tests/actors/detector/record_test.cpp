#include "actors/detector/co_occurrence/observe.hpp"
#include "actors/detector/co_occurrence/place.hpp"
#include "actors/detector/time_of_day/place.hpp"
#include "actors/detector/time_of_day/record.hpp"
#include "tests/actors/detector/made_home.hpp"

#include <catch2/catch.hpp>

using namespace habitd;

namespace {

/// A few busy days of a few items, some automated.
std::vector<home_day> busy_days(seeded& random, int days) {
  made_home home{days};
  for (int day = 0; day < days; ++day)
    for (int i = 0; i < 200; ++i)
      home.add(day, random.uniform(0, 24 * hours),
               static_cast<entity_number>(1 + random.below(12)),
               random.chance(0.5) ? turn::on : turn::off, random.chance(0.1));
  return home.days();
}

trigger_row row_of(const home_day& day, std::size_t index) {
  return *unpack_row(observe_co_occurrence(day).at(index).bytes);
}

std::string garbage_from(seeded& random, std::string bytes) {
  for (int changes = 1 + random.below(4); changes > 0 && !bytes.empty(); --changes)
    bytes[static_cast<std::size_t>(random.below(static_cast<int>(bytes.size())))] =
      static_cast<char>(random.below(256));
  if (random.chance(0.3))
    bytes.resize(
      static_cast<std::size_t>(random.below(static_cast<int>(bytes.size()) + 1)));
  return bytes;
}

std::vector<clock_habit_record> some_habits() {
  clock_habit_record morning;
  morning.id = 7;
  morning.place = {.item = 12, .begin = 48, .width = 6, .centre = 25'200};
  morning.first_found = first_monday;
  morning.support = 20;
  morning.trials = 28;
  auto faded = morning;
  faded.id = ~0ull;
  faded.status = pattern_status::retired;
  faded.place.days = day_type::weekend;
  faded.low_since = first_monday + 35;
  faded.retired_on = first_monday + 42;
  return {morning, faded};
}

} // namespace

TEST_CASE("an episode starts after fifteen quiet minutes of its item") {
  made_home home{1};
  home.add(0, 4 * hours, 1);
  home.add(0, 4 * hours + 10 * minutes, 1);
  home.add(0, 4 * hours + 24 * minutes, 1);
  home.add(0, 4 * hours + 30 * minutes, 1, turn::off);
  home.add(0, 4 * hours + 39 * minutes, 1);

  const auto items = observe_starts(home.days()[0]).at(first_monday);

  REQUIRE(items.size() == 2);
  CHECK(items[0].item == item_of(1, turn::off));
  CHECK(items[0].starts.count() == 1);
  CHECK(items[1].starts.count() == 2);
  CHECK(items[1].starts[48]);
  CHECK(items[1].starts[55]);
}

TEST_CASE("what is always busy doesn't begin when the day does") {
  made_home home{1};
  for (double at = 0; at < 24 * hours; at += 5 * minutes)
    home.add(0, at, 1);
  home.add(0, 1 * minutes, 2);

  const auto items = observe_starts(home.days()[0]).at(first_monday);

  CHECK(items.at(0).starts.none());
  CHECK(items.at(1).starts[0]);
}

TEST_CASE("automated activations are counted apart from habits") {
  made_home home{1};
  home.add(0, 4 * hours, 1, turn::on, true);

  const auto items = observe_starts(home.days()[0]).at(first_monday);

  CHECK(items.at(0).starts.none());
  CHECK(items.at(0).automated[48]);
  CHECK(observe_co_occurrence(home.days()[0]).empty());
}

TEST_CASE("episode starts come back from their bytes") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    seeded random{seed};
    const auto days = busy_days(random, 2);
    const auto record = merge(observe_starts(days[0]), observe_starts(days[1]));

    CHECK(*unpack_starts(pack(record)) == record);
  }
}

TEST_CASE("merging episode starts is associative, commutative and idempotent") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    seeded random{seed};
    const auto days = busy_days(random, 3);
    const auto a = observe_starts(days[0]);
    const auto b = observe_starts(days[1]);
    const auto c = observe_starts(days[2]);

    CHECK(merge(merge(a, b), c) == merge(a, merge(b, c)));
    CHECK(merge(a, b) == merge(b, a));
    CHECK(merge(a, a) == a);
    CHECK(pack(merge(a, b)) == pack(merge(b, a)));
  }
}

TEST_CASE("a response is counted once, first and soonest, after its trigger") {
  made_home home{1};
  home.add(0, 100, 1);
  home.add(0, 100, 3); // at the same moment: no response
  home.add(0, 110, 2);
  home.add(0, 130, 2);
  home.add(0, 300, 4);

  const auto row = row_of(home.days()[0], 0);

  REQUIRE(row.responses.size() == 2);
  CHECK(row.responses[0].item == item_of(2, turn::on));
  CHECK(row.responses[0].hits == std::array<std::uint32_t, 2>{1, 1});
  CHECK(row.responses[0].lags[5] == 1); // (8 s, 12 s]
  CHECK(row.responses[1].item == item_of(4, turn::on));
  CHECK(row.responses[1].hits == std::array<std::uint32_t, 2>{0, 1});
  CHECK(row.responses[1].lags[12] == 1); // (170 s, 300 s]
}

TEST_CASE(
  "what came before a trigger is counted once, in the same windows turned round") {
  made_home home{1};
  home.add(0, 699, 5); // too early
  home.add(0, 700, 4);
  home.add(0, 940, 2);
  home.add(0, 990, 2);
  home.add(0, 990, 6, turn::on, true); // by an automation
  home.add(0, 1000, 1);
  home.add(0, 1000, 3); // at the same moment
  home.add(0, 1100, 7);
  home.add(0, 1200,
           1); // a trigger of the shorter window only: 7 and 3 came in the longer

  const auto row = row_of(home.days()[0], 0);

  REQUIRE(row.responses.size() == 3);
  CHECK(row.responses[0].item == item_of(2, turn::on));
  CHECK(row.responses[0].before == std::array<std::uint32_t, 2>{1, 1});
  CHECK(row.responses[0].hits == std::array<std::uint32_t, 2>{0, 0});
  CHECK(row.responses[1].item == item_of(4, turn::on));
  CHECK(row.responses[1].before == std::array<std::uint32_t, 2>{0, 1});
  CHECK(row.responses[2].item == item_of(7, turn::on));
  CHECK(row.responses[2].before == std::array<std::uint32_t, 2>{0, 0});
}

TEST_CASE("triggers are apart by more than their window") {
  made_home home{1};
  for (const double at : {1000, 1050, 1120, 1500})
    home.add(0, at, 1);

  const auto row = row_of(home.days()[0], 0);

  CHECK(row.triggers[0][3] == 2); // 1000, 1120
  CHECK(row.triggers[0][5] == 1); // 1500
  CHECK(row.triggers[1][3] == 1); // 1000
  CHECK(row.triggers[1][5] == 1);
  CHECK(row.cover[0][3] == 60 + 50 + 60);
  CHECK(row.cover[0][4] == 60);
  CHECK(row.cover[1][2] == 200); // 700 to 900
  CHECK(row.cover[1][3] == 100 + 50 + 70);
  CHECK(row.cover[1][4] == 300);
}

TEST_CASE("rows come back from their bytes, of one day and merged") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    seeded random{seed};
    const auto days = busy_days(random, 2);
    const auto a = row_of(days[0], 3);
    const auto both = merge(a, row_of(days[1], 3));

    CHECK(*unpack_row(pack(a)) == a);
    CHECK(*unpack_row(pack(both)) == both);
  }
}

TEST_CASE("merging rows is associative and commutative") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    seeded random{seed};
    const auto days = busy_days(random, 3);
    const auto a = row_of(days[0], 2);
    const auto b = row_of(days[1], 2);
    const auto c = row_of(days[2], 2);

    CHECK(merge(merge(a, b), c) == merge(a, merge(b, c)));
    CHECK(merge(a, b) == merge(b, a));
  }
}

TEST_CASE("habits come back from their bytes") {
  const auto habits = some_habits();

  CHECK(*unpack_habits<clock_place>(pack_habits(habits)) == habits);
  CHECK(unpack_habits<clock_place>({})->empty());
  pair_habit_record response;
  response.place = {12, 13, 60};
  CHECK(unpack_habits<pair_place>(pack_habits(std::vector{response}))->at(0) == response);
}

TEST_CASE("bytes of an unknown version are corrupt data") {
  const std::string newer = "\x63";

  CHECK(code_of(unpack_starts(newer).error()) == ec::corrupt_data);
  CHECK(code_of(unpack_row(newer).error()) == ec::corrupt_data);
  CHECK(code_of(unpack_habits<clock_place>(newer).error()) == ec::corrupt_data);
  CHECK(code_of(split_day_row(newer).error()) == ec::corrupt_data);
}

TEST_CASE("damaged bytes decode to an error or to something that packs again") {
  seeded random{1};
  const auto days = busy_days(random, 2);
  const auto starts = pack(merge(observe_starts(days[0]), observe_starts(days[1])));
  const auto row = observe_co_occurrence(days[0]).at(3).bytes;
  const auto habits = pack_habits(some_habits());
  for (int i = 0; i < 20'000; ++i) {
    if (const auto back = unpack_starts(garbage_from(random, starts)))
      CHECK(*unpack_starts(pack(*back)) == *back);
    if (const auto back = unpack_row(garbage_from(random, row)))
      CHECK(*unpack_row(pack(*back)) == *back);
    if (const auto back = unpack_habits<clock_place>(garbage_from(random, habits)))
      CHECK(pack_habits(*unpack_habits<clock_place>(pack_habits(*back))) ==
            pack_habits(*back));
  }
}
