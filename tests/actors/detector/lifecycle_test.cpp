#include "actors/detector/co_occurrence/co_occurrence.hpp"
#include "actors/detector/kit/habit_book.hpp"
#include "actors/detector/kit/merging.hpp"
#include "actors/detector/time_of_day/time_of_day.hpp"
#include "tests/actors/detector/made_habits.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace habitd;

namespace {

habit_life fresh_candidate() {
  habit_life of;
  of.first_found = first_monday;
  of.support = 20;
  of.trials = 28;
  return of;
}

/// What a detector remembers after checking every week.
struct weeks_gone_by {
  home_memory memory;
  lifecycle_state state;
};

weeks_gone_by check_weekly(const detector& with, const std::vector<home_day>& days) {
  weeks_gone_by gone;
  for (std::size_t i = 0; i < days.size(); ++i) {
    gone.memory.observe(with, days[i]);
    if (i % check_every_days == check_every_days - 1)
      gone.state =
        *with.check(gone.memory.history(), days[i].day, gone.state, name_of_made);
  }
  return gone;
}

std::vector<pattern> patterns_after(const detector& with,
                                    const std::vector<home_day>& days,
                                    const entity_names& names = name_of_made) {
  home_memory memory;
  lifecycle_state state;
  for (std::size_t i = 0; i < days.size(); ++i) {
    memory.observe(with, days[i]);
    if (i % check_every_days == check_every_days - 1)
      state = *with.check(memory.history(), days[i].day, state, names);
  }
  return *with.conclude(memory.history(), days.back().day, state, names);
}

void add_habits(made_home& home, seeded& random, int until_day) {
  for (entity_number entity = 1; entity <= 6; ++entity)
    add_diurnal_noise(home, entity, 2, random);
  made_home planted{home.size()};
  add_clock_habit(home, {.entity = 1, .at = 6 * hours, .adherence = 0.9}, random,
                  [=](int day) { return day < until_day; });
  add_response(planted, {.trigger = 2, .response = 3, .chance = 0.8}, true, random);
  for (int day = 0; day < until_day; ++day)
    for (const auto& seen : planted.day(day).activations)
      home.day(day).activations.push_back(seen);
}

/// The first weeks of one home; it gives up its habits after `until_day`.
std::vector<home_day> home_for_weeks(int weeks, int until_day = 84) {
  seeded random{1};
  made_home home{84};
  add_habits(home, random, until_day);
  auto days = home.days();
  days.resize(static_cast<std::size_t>(7 * weeks));
  return days;
}

/// Those that find one of the habits that `home_for_weeks` has.
std::vector<detector> detectors_of_acts() {
  return {time_of_day_detector(), co_occurrence_detector()};
}

/// As detectors tell patterns apart, dates and strengths included.
auto digest(const pattern& of) {
  return std::tuple{of.id,     of.entities,     of.turns, of.own, of.weekdays, of.support,
                    of.trials, of.support_days, of.p,     of.q,   of.status,   of.dates};
}

bool are_equal(const std::vector<pattern>& a, const std::vector<pattern>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return digest(x) == digest(y); });
}

} // namespace

TEST_CASE("a candidate is confirmed on later days only, seven at least") {
  auto of = fresh_candidate();
  const evidence lately{25, 28, 28, 1e-9};

  CHECK(advance(of, first_monday + 7, {6, 6, 6, 1e-6}, lately));
  CHECK(of.status == pattern_status::candidate);
  CHECK(advance(of, first_monday + 14, {6, 14, 14, 0.2}, lately));
  CHECK(of.status == pattern_status::candidate);
  CHECK(advance(of, first_monday + 21, {16, 21, 21, 0.01}, lately));
  CHECK(of.status == pattern_status::confirmed);
  CHECK(of.support == 25);
}

TEST_CASE("a candidate that isn't confirmed in 28 days is dropped") {
  auto of = fresh_candidate();
  const evidence weak{3, 28, 28, 0.4};

  CHECK(advance(of, first_monday + 21, weak, weak));
  CHECK_FALSE(advance(of, first_monday + 28, weak, weak));
}

TEST_CASE("a habit is retired once two checks in a row find it faded by half") {
  auto of = fresh_candidate();
  of.status = pattern_status::confirmed;
  const evidence faded{2, 28, 28, 1};
  const evidence well{18, 28, 28, 1e-6};

  advance(of, first_monday + 7, faded, faded);
  advance(of, first_monday + 7, faded, faded); // the same check again
  CHECK(of.status == pattern_status::confirmed);
  advance(of, first_monday + 14, well, well);
  advance(of, first_monday + 21, faded, faded);
  CHECK(of.status == pattern_status::confirmed);
  advance(of, first_monday + 28, faded, faded);
  CHECK(of.status == pattern_status::retired);
  CHECK_FALSE(advance(of, first_monday + 28 + 366, faded, faded));
}

TEST_CASE("a habit is retired at once when it stays away for longer than chance allows") {
  auto of = fresh_candidate(); // 20 of 28 days
  of.status = pattern_status::confirmed;
  const auto silent_for = [](std::uint32_t days) {
    return evidence{20, 28, 28, 1e-6, likelihood_of_silence(20, 28, days)};
  };

  advance(of, first_monday + 7, silent_for(6), silent_for(6));
  CHECK(of.status == pattern_status::confirmed);
  advance(of, first_monday + 14, silent_for(8), silent_for(8));
  CHECK(of.status == pattern_status::retired);
}

TEST_CASE("a habit that stopped is no longer concluded after ten days without it") {
  for (const auto& with : detectors_of_acts()) {
    const auto days = home_for_weeks(12, 56);
    const auto before = patterns_after(with, {days.begin(), days.begin() + 56});
    const auto after = patterns_after(with, {days.begin(), days.begin() + 66});

    CHECK(before.size() == 1);
    CHECK(after.empty());
  }
}

TEST_CASE("an entity that is gone takes its habits along") {
  const auto days = home_for_weeks(10);
  auto gone = days;
  for (std::size_t i = 56; i < gone.size(); ++i)
    std::erase_if(gone[i].activations,
                  [](const activation& seen) { return entity_of(seen.item) <= 3; });
  for (const auto& with : detectors_of_acts()) {
    CHECK(patterns_after(with, days).size() == 1);
    CHECK(patterns_after(with, gone).empty());
  }
}

TEST_CASE("habits go from candidate to confirmed as weeks go by") {
  for (const auto& with : detectors_of_acts()) {
    std::optional<pattern> first;
    for (int weeks = 1; weeks <= 3 && !first; ++weeks)
      if (const auto early = patterns_after(with, home_for_weeks(weeks)); !early.empty())
        first = early[0];
    const auto late = patterns_after(with, home_for_weeks(6));

    REQUIRE(first);
    CHECK(first->status == pattern_status::candidate);
    REQUIRE(late.size() == 1);
    CHECK(late[0].status == pattern_status::confirmed);
    CHECK(late[0].id == first->id);
    CHECK(late[0].first_found == first->first_found);
    CHECK(late[0].detector == with.name);
    CHECK(late[0].q <= 0.05);
    CHECK(late[0].dates.size() == static_cast<std::size_t>(late[0].support_days));
  }
}

TEST_CASE("a habit that stopped is no longer concluded") {
  for (const auto& with : detectors_of_acts()) {
    const auto days = home_for_weeks(12, 35);

    CHECK(patterns_after(with, {days.begin(), days.begin() + 35}).size() == 1);
    CHECK(patterns_after(with, days).empty());
  }
}

TEST_CASE("a response is concluded with its lags and lift") {
  const auto patterns = patterns_after(co_occurrence_detector(), home_for_weeks(6));

  REQUIRE(patterns.size() == 1);
  CHECK(patterns[0].entities == std::vector<std::string>{"sensor.e0002", "sensor.e0003"});
  const auto lag = response_finding_of(patterns[0])->lag;
  REQUIRE(lag);
  CHECK(lag->median == Approx(15).epsilon(0.3));
  CHECK(lag->p10 < lag->median);
  CHECK(lag->p90 > lag->median);
  CHECK(patterns[0].lift > 3);
  CHECK(patterns[0].adherence.low < patterns[0].adherence.value);
}

TEST_CASE("checking from aggregates in any order gives the same patterns") {
  const auto days = home_for_weeks(6);
  for (const auto& with : all_detectors()) {
    const auto in_order = check_weekly(with, days);
    seeded random{9};
    auto shuffled = days;
    for (auto i = shuffled.size(); i > 1; --i)
      std::swap(shuffled[i - 1],
                shuffled[static_cast<std::size_t>(random.below(static_cast<int>(i)))]);
    const auto memory = remember(with, shuffled);
    lifecycle_state state;
    for (int week = 1; week <= 6; ++week)
      state =
        *with.check(memory.history(), first_monday + (7 * week - 1), state, name_of_made);

    CHECK(memory.parts == in_order.memory.parts);
    CHECK(state == in_order.state);
    CHECK(
      are_equal(*with.conclude(memory.history(), days.back().day, state, name_of_made),
                *with.conclude(in_order.memory.history(), days.back().day, in_order.state,
                               name_of_made)));
  }
}

TEST_CASE("numbering the entities otherwise changes nothing") {
  const auto days = home_for_weeks(6);
  auto renumbered = days;
  for (auto& day : renumbered) {
    for (auto& seen : day.activations)
      seen.item = item_of(100 - entity_of(seen.item), turn_of(seen.item));
    std::sort(day.activations.begin(), day.activations.end(),
              [](const auto& a, const auto& b) {
                return std::pair{a.at, a.item} < std::pair{b.at, b.item};
              });
  }
  const auto names = [](entity_number number) { return name_of_made(100 - number); };
  for (const auto& with : all_detectors())
    CHECK(are_equal(patterns_after(with, days), patterns_after(with, renumbered, names)));
}

TEST_CASE("a stored part that is damaged is an error that names its day") {
  const auto days = home_for_weeks(2);
  for (const auto& with : all_detectors()) {
    auto memory = remember(with, days);
    memory.parts[first_monday + 3].begin()->second = "\x63 damaged";

    const auto state = with.check(memory.history(), first_monday + 13, {}, name_of_made);

    REQUIRE_FALSE(state);
    CHECK(code_of(state.error()) == ec::corrupt_data);
    CHECK(describe(state.error()).find("20762") != std::string::npos);
  }
}

TEST_CASE("days merged in any order and grouping are what was counted of all of them") {
  const auto days = home_for_weeks(3);
  for (const auto& with : all_detectors()) {
    const auto memory = remember(with, days);
    const auto history = memory.history();
    const auto merged = [&](std::vector<int> order) {
      std::vector<period> periods;
      for (const auto day : order)
        periods.emplace_back(first_monday + day);
      return *merged_parts(with, history, periods);
    };
    const auto join = [&](const std::vector<aggregate_part>& a,
                          const std::vector<aggregate_part>& b) {
      std::map<std::uint32_t, std::string> all;
      for (const auto& [part, bytes] : a)
        all[part] = bytes;
      for (const auto& [part, bytes] : b)
        all[part] = all.contains(part) ? *with.merge(all[part], bytes) : bytes;
      return all;
    };

    const auto in_order = join(merged({0, 1, 2, 3, 4, 5, 6}), {});
    CHECK(join(merged({6, 2, 4, 0, 5, 1, 3}), {}) == in_order);
    CHECK(join(merged({0, 1, 2}), merged({3, 4, 5, 6})) == in_order);
    CHECK(join(merged({6, 5}), merged({4, 3, 2, 1, 0})) == in_order);
    CHECK(in_order.size() > 0);
  }
}

TEST_CASE("a damaged part merges to an error") {
  const auto days = home_for_weeks(1);
  for (const auto& with : all_detectors()) {
    const auto part = with.observe(days[0]).at(0);

    CHECK(code_of(with.merge(part.bytes, "\x63 damaged").error()) == ec::corrupt_data);
  }
}

TEST_CASE("an empty home has no habits") {
  for (const auto& with : all_detectors()) {
    home_memory memory;

    const auto state = with.check(memory.history(), first_monday, {}, name_of_made);

    REQUIRE(state);
    CHECK(with.conclude(memory.history(), first_monday, *state, name_of_made)->empty());
  }
}
