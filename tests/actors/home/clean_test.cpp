#include "actors/home/clean.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

namespace habitd {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

const home_calendar& home() {
  static const auto calendar = *home_calendar::open("Europe/Berlin");
  return calendar;
}

const local_day plain_day = *parse_date("2026-11-18"); // 24 hours
const local_day short_day = *parse_date("2026-03-28"); // the clock skips 02:00 to 03:00
const local_day long_day = *parse_date("2026-10-24");  // 02:00 to 03:00 occurs twice

/// Rows of a day, written down by name.
struct made_day {
  explicit made_day(local_day number = plain_day) : day{number} {}

  local_day day;
  stored_day raw;
  std::map<std::string, entity_number> numbers;

  wall_time at(milliseconds since) const { return home().span_of(day).begin + since; }

  stored_event& row(milliseconds since, const std::string& entity,
                    const std::string& state) {
    const auto number =
      numbers.try_emplace(entity, static_cast<entity_number>(numbers.size() + 1))
        .first->second;
    raw.events.push_back(
      {.at = at(since), .entity = number, .state = raw.texts.intern(state)});
    return raw.events.back();
  }

  /// A row that tells its old state.
  stored_event& change(milliseconds since, const std::string& entity,
                       const std::string& from, const std::string& to) {
    const auto old = raw.texts.intern(from);
    auto& added = row(since, entity, to);
    added.old_state = old;
    added.before = previous::known;
    return added;
  }

  void restart(milliseconds since) {
    raw.texts.intern("");
    raw.events.push_back({.at = at(since), .kind = row_kind::restart});
  }

  home_day clean() const {
    const auto names = [this](entity_number number) {
      return std::ranges::find_if(
               numbers, [number](const auto& entry) { return entry.second == number; })
        ->first;
    };
    const auto result = clean_day(raw, day, home().clock_of(day), names);
    const auto& c = result.counts;
    CHECK(c.rows == c.kept + c.automated + c.duplicate + c.attribute_only +
                      c.unavailable + c.restart + c.echo + c.periodic + c.not_a_turn);
    return result;
  }

  entity_number number(const std::string& entity) const { return numbers.at(entity); }
};

std::vector<item_number> items_of(const home_day& day) {
  std::vector<item_number> result;
  for (const auto& found : day.activations)
    result.push_back(found.item);
  return result;
}

bool equal(const home_day& a, const home_day& b) {
  return a.day == b.day && a.observed == b.observed && a.exposure == b.exposure &&
         a.activations == b.activations;
}

/// A day in which every filter has something to do.
made_day busy_day(std::mt19937& random, local_day number) {
  made_day made{number};
  const std::vector<std::string> entities{
    "light.hall",   "light.all",       "switch.fan", "binary_sensor.door",
    "sensor.power", "media_player.tv", "person.ann"};
  const std::vector<std::string> states{"on",          "off",     "on",   "off",
                                        "unavailable", "playing", "idle", "home",
                                        "not_home",    "21.5",    ""};
  const auto pick = [&random](std::size_t n) { return random() % n; };
  for (int i = 0; i < 1'000; ++i) {
    // Few distinct times, so that rows of one entity meet in one millisecond.
    const auto since = milliseconds{static_cast<std::int64_t>(pick(3'000)) * 20'000};
    auto& row =
      made.row(since, entities[pick(entities.size())], states[pick(states.size())]);
    row.before = static_cast<previous>(pick(3));
    row.old_state = made.raw.texts.intern(states[pick(states.size())]);
    row.kind = pick(5) == 0 ? row_kind::attributes : row_kind::change;
    row.by = static_cast<cause>(pick(4));
    row.act = pick(3);
  }
  for (int i = 0; i < 3; ++i)
    made.restart(milliseconds{static_cast<std::int64_t>(pick(80'000'000))});
  return made;
}

} // namespace

TEST_CASE("a light turned on and off gives two activations at their time of day") {
  made_day made;
  made.change(4h + 7min, "light.hall", "off", "on").by = cause::physical;
  made.change(6h, "light.hall", "on", "off");

  const auto day = made.clean();

  REQUIRE(day.activations.size() == 2);
  const auto& on = day.activations[0];
  CHECK(on.at == std::chrono::milliseconds{4h + 7min}.count());
  CHECK(on.bin == 4 * 12 + 1);
  CHECK(on.item == item_of(made.number("light.hall"), turn::on));
  CHECK_FALSE(on.automated);
  CHECK(day.activations[1].item == item_of(made.number("light.hall"), turn::off));
  CHECK(day.counts.kept == 2);
}

TEST_CASE("a motion sensor going off is no turn") {
  made_day made;
  made.change(4h, "binary_sensor.hall", "off", "on");
  made.change(4h + 1min, "binary_sensor.hall", "on", "off");

  const auto day = made.clean();

  CHECK(day.counts.kept == 1);
  CHECK(day.counts.not_a_turn == 1);
}

TEST_CASE("the first state of an entity is no change without a word on what was before") {
  made_day made;
  made.row(4h, "light.hall", "on");
  made.row(5h, "light.hall", "off");
  made.row(6h, "light.hall", "on").before = previous::none;

  const auto day = made.clean();

  CHECK(day.counts.unavailable == 2);
  CHECK(day.counts.kept == 1);
}

TEST_CASE("the preceding row of the day goes before what a row says of its old state") {
  made_day made;
  made.change(4h, "light.hall", "off", "on");
  made.change(5h, "light.hall", "off", "on"); // the source lost a row

  const auto day = made.clean();

  CHECK(day.counts.kept == 1);
  CHECK(day.counts.attribute_only == 1);
}

TEST_CASE("a light that comes back from unavailable was not turned on") {
  made_day made;
  made.change(4h, "light.hall", "off", "unavailable");
  made.change(5h, "light.hall", "unavailable", "on");
  made.change(6h, "light.hall", "on", "");
  made.change(7h, "light.bath", "unknown", "on");

  const auto day = made.clean();

  CHECK(day.counts.unavailable == 4);
  CHECK(day.activations.empty());
}

TEST_CASE("attribute rows and repeated states are no changes") {
  made_day made;
  made.change(4h, "light.hall", "off", "on");
  made.change(4h + 1min, "light.hall", "off", "on").kind = row_kind::attributes;
  made.change(4h + 2min, "light.hall", "off", "on");

  const auto day = made.clean();

  CHECK(day.counts.attribute_only == 2);
  CHECK(day.counts.kept == 1);
}

TEST_CASE("changes within two minutes after a restart are not a person's") {
  made_day made;
  made.restart(4h);
  made.change(4h, "light.a", "off", "on");
  made.change(4h + 120s, "light.b", "off", "on");
  made.change(4h + 121s, "light.c", "off", "on");
  made.change(4h - 1ms, "light.d", "off", "on");

  const auto day = made.clean();

  CHECK(day.counts.restart == 2);
  CHECK(day.counts.rows == 4); // a mark is no row
  CHECK(day.counts.kept == 2);
}

TEST_CASE("one act seen through a group and its members counts once, by the first name") {
  made_day made;
  made.change(4h, "light.kitchen_2", "off", "on").act = 7;
  made.change(4h + 300ms, "light.all", "off", "on").act = 7;
  made.change(4h + 2s, "light.kitchen_1", "off", "on").act = 7;
  made.change(4h + 2s, "light.bath", "off", "on").act = 8; // another act
  made.change(4h + 2s, "light.hall", "on", "off").act = 7; // the other way
  made.change(4h + 9s, "light.late", "off", "on").act = 7; // too late
  made.change(4h + 2s, "light.none", "off", "on");         // no context

  const auto day = made.clean();

  CHECK(day.counts.echo == 2);
  CHECK(day.counts.kept == 5);
  const auto items = items_of(day);
  CHECK(std::ranges::count(items, item_of(made.number("light.all"), turn::on)) == 1);
  CHECK(std::ranges::count(items, item_of(made.number("light.kitchen_1"), turn::on)) ==
        0);
}

TEST_CASE("what an automation does stays, marked, also where it moves several things") {
  made_day made;
  for (const auto* const entity : {"light.a", "light.b", "light.c"}) {
    auto& row = made.change(4h, entity, "off", "on");
    row.act = 7;
    row.by = cause::automation;
  }

  const auto day = made.clean();

  CHECK(day.counts.automated == 3);
  CHECK(day.counts.kept == 0);
  REQUIRE(day.activations.size() == 3);
  CHECK(day.activations[0].automated);
}

TEST_CASE("an entity that turns on by the clock twenty times has no habits") {
  made_day made;
  for (int i = 0; i < 20; ++i) {
    made.change(30min * i, "switch.pump", "off", "on");
    made.change(30min * i + 7min, "switch.pump", "on", "off");
    made.change(30min * i + 1min * (i * i % 17), "light.hall", "off", "on");
    made.change(30min * i + 17min + 1min * (i * i % 11), "light.hall", "on", "off");
  }

  const auto day = made.clean();

  CHECK(day.counts.periodic == 40);
  CHECK(day.counts.kept == 40);
}

TEST_CASE("nineteen turns are too few to be called periodic") {
  made_day made;
  for (int i = 0; i < 19; ++i) {
    made.change(30min * i, "switch.pump", "off", "on");
    made.change(30min * i + 7min, "switch.pump", "on", "off");
  }

  CHECK(made.clean().counts.periodic == 0);
}

TEST_CASE("numbers and moves inside a class are no turns") {
  made_day made;
  made.change(4h, "sensor.power", "1.5", "2.5");
  made.change(4h, "cover.blind", "opening", "open");
  made.change(4h, "person.ann", "work", "school");
  made.change(4h, "automation.lights", "off", "on");

  CHECK(made.clean().counts.not_a_turn == 4);
}

TEST_CASE("a day without rows is wholly unobserved") {
  const auto day = made_day{}.clean();

  CHECK(day.observed.none());
  CHECK(std::ranges::all_of(day.exposure, [](auto seconds) { return seconds == 0; }));
}

TEST_CASE("a quiet home is observed unless it is silent for more than sixteen hours") {
  made_day observed;
  observed.row(16h, "sensor.a", "1");
  made_day missed;
  missed.row(16h + 1ms, "sensor.a", "1");

  CHECK(observed.clean().observed.all());
  CHECK(observed.clean().exposure[0] == 900);
  const auto day = missed.clean();
  CHECK_FALSE(day.observed[0]);
  CHECK_FALSE(day.observed[16 * 12]); // where the silence ended
  CHECK(day.observed[16 * 12 + 1]);
  CHECK(day.exposure[16 * 4] == 899);
}

TEST_CASE("a home seen by its people's acts alone may be silent for a night") {
  made_day made;
  for (int i = 0; i < 15 * 240; ++i)
    made.row(5h + 15s * i, "binary_sensor.hall", i % 2 == 0 ? "on" : "off");

  CHECK(made.clean().observed.all());
}

TEST_CASE("an hour of silence is an outage in a home that never rests") {
  made_day made;
  for (int i = 0; i < 24 * 120; ++i)
    if (const auto since = 30s * i; since <= 10h || since >= 11h + 30min)
      made.row(since, "sensor.power", std::to_string(i));

  const auto day = made.clean();

  CHECK(day.observed[10 * 12 - 1]);
  CHECK_FALSE(day.observed[10 * 12]);
  CHECK_FALSE(day.observed[11 * 12 + 5]);
  CHECK(day.observed[11 * 12 + 6]);
  CHECK(day.exposure[10 * 4] == 0);
  CHECK(day.exposure[11 * 4 + 2] == 900);
}

TEST_CASE("an outage is known by the reports of the other hours, however many it took") {
  for (const auto lost : {2h, 10h, 15h}) {
    made_day
      made; // 100 reports an hour: 2,400 a day, and fewer than 2,000 after ten lost
    for (int i = 0; i < 24 * 100; ++i)
      if (const auto since = 36s * i; since <= 5h || since >= 5h + lost)
        made.row(since, "sensor.power", std::to_string(i));

    const auto day = made.clean();

    CAPTURE(lost.count());
    CHECK(day.observed[5 * 12 - 1]);
    CHECK_FALSE(day.observed[5 * 12 + 1]);
    CHECK(day.exposure[5 * 4 + 1] == 0);
  }
}

TEST_CASE("a row of an automation tells what else its context did, whatever the order") {
  made_day made;
  made.change(4h, "light.hall", "off", "on").act = 7;
  made.change(5h, "light.hall", "on", "off").act = 8;
  made.row(4h + 50ms, "automation.hall", "on").act = 7;

  const auto day = made.clean();

  CHECK(day.counts.automated == 1);
  CHECK(day.counts.kept == 1);
}

TEST_CASE("a reading without a word on what was before is a reading all the same") {
  made_day made;
  made.row(4h, "sensor.power", "1.5");
  made.row(5h, "light.hall", "on");

  const auto day = made.clean();

  CHECK(day.counts.not_a_turn == 1);
  CHECK(day.counts.unavailable == 1);
}

TEST_CASE("the hour that the clock skips is unobserved and has no exposure") {
  made_day made{short_day};
  made.row(12h, "sensor.a", "1");

  const auto day = made.clean();

  CHECK(day.observed[23 * 12 - 1]);
  CHECK_FALSE(day.observed[23 * 12]);
  CHECK_FALSE(day.observed[287]);
  CHECK(day.exposure[23 * 4] == 0);
  CHECK(day.exposure[0] == 900);
}

TEST_CASE("the hour that occurs twice is exposed twice and observed only if both were") {
  made_day made{long_day};
  made.row(12h, "sensor.a", "1");
  made_day half{long_day};
  half.row(7h + 59min, "sensor.a", "1"); // then silent into the second pass

  const auto day = made.clean();
  const auto partly = half.clean();

  CHECK(day.observed.all());
  CHECK(day.exposure[23 * 4] == 1800);
  CHECK(day.exposure[0] == 900);
  CHECK_FALSE(partly.observed[23 * 12]);
}

TEST_CASE("an outage in one pass of the repeated hour leaves its bins unobserved") {
  made_day made{long_day};
  for (int i = 0; i < 25 * 120; ++i)
    if (const auto since = 30s * i; since < 22h + 58min || since >= 24h)
      made.row(since, "sensor.power", std::to_string(i));

  const auto day = made.clean();

  CHECK_FALSE(day.observed[23 * 12]); // missed the first time, seen the second
  CHECK(day.exposure[23 * 4] == 900);
}

TEST_CASE("two sources that saw one change join what they know") {
  made_day made;
  made.change(4h, "light.hall", "off", "on");
  made.row(4h, "light.hall", "on").by = cause::automation;

  const auto day = made.clean();

  CHECK(day.counts.duplicate == 1);
  CHECK(day.counts.automated == 1);
}

TEST_CASE(
  "a day is the same whatever the order of its rows and however often they occur") {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    std::mt19937 random{seed};
    const auto number = seed % 3 == 0 ? plain_day : seed % 3 == 1 ? short_day : long_day;
    auto made = busy_day(random, number);
    const auto expected = made.clean();
    REQUIRE(expected.counts.kept > 0);
    REQUIRE(expected.counts.automated > 0);

    auto& events = made.raw.events;
    std::ranges::shuffle(events, random);
    const auto shuffled = made.clean();
    const auto once = events.size();
    std::size_t again = 0;
    for (std::size_t i = 0; i < once; i += 1 + random() % 3) {
      events.push_back(stored_event{events[i]});
      again += events.back().kind != row_kind::restart; // marks are no rows
    }
    std::ranges::shuffle(events, random);
    const auto repeated = made.clean();

    INFO("seed " << seed);
    CHECK(equal(shuffled, expected));
    CHECK(shuffled.counts == expected.counts);
    CHECK(equal(repeated, expected));
    auto counts = repeated.counts;
    counts.rows -= again;
    counts.duplicate -= again;
    CHECK(counts == expected.counts);
  }
}

TEST_CASE("a day is the same whatever numbers its entities and texts have") {
  std::mt19937 random{5};
  auto made = busy_day(random, plain_day);
  made_day other;
  auto order = made.raw.events;
  std::ranges::shuffle(order, random);
  for (const auto& event : order) {
    if (event.kind == row_kind::restart) {
      other.raw.events.push_back(event);
      continue;
    }
    const auto name = std::ranges::find_if(made.numbers, [&](const auto& entry) {
                        return entry.second == event.entity;
                      })->first;
    auto& row = other.row(event.at - made.at(0ms), name, made.raw.texts[event.state]);
    const auto number = row.entity;
    const auto state = row.state;
    row = event;
    row.entity = number;
    row.state = state;
    row.old_state = other.raw.texts.intern(made.raw.texts[event.old_state]);
  }

  const auto a = made.clean();
  const auto b = other.clean();

  CHECK(a.counts == b.counts);
  CHECK(a.observed == b.observed);
  CHECK(a.activations.size() == b.activations.size());
}

} // namespace habitd
