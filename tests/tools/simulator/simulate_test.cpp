#include "homes.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace habitd;
using namespace habitd::test;

namespace {

double seconds_of_day(wall_time at) {
  return static_cast<double>(at.time_since_epoch().count() % 86'400'000) / 1000;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const auto value : values)
    sum += value;
  return sum / static_cast<double>(values.size());
}

double sd_of(const std::vector<double>& values) {
  const auto mean = mean_of(values);
  double sum = 0;
  for (const auto value : values)
    sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

/// Everything at once, over a change to summer time.
simulation_options full_home() {
  simulation_options options;
  options.days = 30;
  options.events_per_day = 3000;
  options.distractors.guest_days = 1;
  return options;
}

/// One clock habit and nothing else, for so long that shares can be measured.
simulation_options clock_home(double off_share = 0) {
  auto options = empty_home();
  options.days = 400;
  options.habits.clock = 1;
  options.habits.noise_per_day = 0;
  options.habits.workday_share = 0;
  options.habits.off_share = off_share;
  return options;
}

} // namespace

TEST_CASE("the same options give the same rows") {
  const auto first = rows_of(make_home(full_home()));
  const auto second = rows_of(make_home(full_home()));

  REQUIRE(first.size() == second.size());
  const bool equal = std::equal(
    first.begin(), first.end(), second.begin(), [](const auto& a, const auto& b) {
      return a.at == b.at && a.entity == b.entity && a.state == b.state &&
             a.context.id == b.context.id;
    });
  CHECK(equal);
}

TEST_CASE("another seed gives another home") {
  auto options = full_home();
  const auto first = make_home(options);
  options.seed = 2;
  const auto second = make_home(options);

  CHECK(first.truth().planted[0].time != second.truth().planted[0].time);
}

TEST_CASE("days come in order and hold their own rows by time") {
  const auto home = make_home(full_home());
  auto expected_day = home.plan().options().first_date;
  bool in_order = true;
  bool inside = true;

  const auto failed = home.each_day([&](const simulated_day& day) -> error {
    CHECK(day.day == expected_day);
    expected_day = expected_day + 1;
    auto last = day.span.begin;
    for (const auto& row : day.rows) {
      in_order = in_order && row.at >= last;
      inside = inside && row.at < day.span.end;
      last = row.at;
    }
    return {};
  });

  CHECK_FALSE(failed);
  CHECK(in_order);
  CHECK(inside);
  CHECK(expected_day == home.plan().options().first_date + 30);
}

TEST_CASE("an error of the visitor stops the simulation") {
  int days = 0;

  const auto failed = make_home(full_home()).each_day([&](const simulated_day&) -> error {
    ++days;
    return make_error(ec::unavailable, std::string{"disk full"});
  });

  CHECK(code_of(failed) == ec::unavailable);
  CHECK(days == 1);
}

TEST_CASE("a day of a simulated home has 23 or 25 hours when the clock changes") {
  auto options = full_home();
  options.first_date = {20'514 + 26}; // 2026-03-28
  std::vector<std::int64_t> hours;
  REQUIRE_FALSE(make_home(options).each_day([&](const simulated_day& day) -> error {
    hours.push_back((day.span.end - day.span.begin).count() / 3'600'000);
    return {};
  }));
  CHECK(hours.at(0) == 23);
  CHECK(hours.at(1) == 24);

  options.first_date = {20'514 + 236}; // 2026-10-24
  hours.clear();
  REQUIRE_FALSE(make_home(options).each_day([&](const simulated_day& day) -> error {
    hours.push_back((day.span.end - day.span.begin).count() / 3'600'000);
    return {};
  }));
  CHECK(hours.at(0) == 25);
}

TEST_CASE("a clock habit keeps its local time when the clock changes") {
  auto options = clock_home();
  options.days = 60;
  options.time_zone = "Europe/Berlin";
  const auto home = make_home(options);
  const auto& truth = home.truth().planted.at(0);

  for (const auto& row : turns_of(home, truth.entities[0], turn::on)) {
    const auto wall = home.plan().calendar.clock_of(row.day).seconds_since_start(row.at);
    const auto error =
      std::fmod(wall + 3 * 3600 - truth.time + 86'400 * 1.5, 86'400) - 43'200;
    CHECK(std::abs(error) < 5 * truth.sd_minutes * 60);
  }
}

TEST_CASE("a clock habit has the stated time, spread and adherence") {
  const auto turned = GENERATE(turn::on, turn::off);
  const auto home = make_home(clock_home(turned == turn::off ? 1 : 0));
  const auto& truth = home.truth().planted.at(0);
  REQUIRE(truth.turns.at(0) == turned);

  std::vector<double> off_centre;
  std::set<std::int32_t> days;
  for (const auto& row : turns_of(home, truth.entities[0], turned)) {
    off_centre.push_back(
      std::fmod(seconds_of_day(row.at) - truth.time + 86'400 * 1.5, 86'400) - 43'200);
    days.insert(row.day.number);
  }

  const auto n = static_cast<double>(off_centre.size());
  CHECK(days.size() == off_centre.size());
  CHECK(std::abs(n / 400 - 0.85) < 4 * std::sqrt(0.85 * 0.15 / 400));
  CHECK(std::abs(mean_of(off_centre)) < 4 * 360 / std::sqrt(n));
  CHECK(std::abs(sd_of(off_centre) / 360 - 1) < 4 / std::sqrt(2 * n));
}

TEST_CASE("the other turn of a clock habit is spread over hours") {
  const auto turned = GENERATE(turn::on, turn::off);
  const auto home = make_home(clock_home(turned == turn::off ? 1 : 0));
  const auto& truth = home.truth().planted.at(0);
  const auto other = turned == turn::on ? turn::off : turn::on;

  std::vector<double> off_centre;
  for (const auto& row : turns_of(home, truth.entities[0], other))
    off_centre.push_back(
      std::fmod(seconds_of_day(row.at) - truth.time + 86'400 * 1.5, 86'400) - 43'200);

  CHECK(off_centre.size() > 300);
  CHECK(sd_of(off_centre) > 3600);
}

TEST_CASE("a workday habit leaves the weekend alone") {
  auto options = clock_home();
  options.habits.workday_share = 1;
  const auto home = make_home(options);
  const auto& truth = home.truth().planted.at(0);

  const auto rows = turns_of(home, truth.entities[0], turn::on);

  CHECK(truth.weekdays == std::vector{0, 1, 2, 3, 4});
  CHECK(rows.size() > 200);
  CHECK(std::all_of(rows.begin(), rows.end(),
                    [](const auto& row) { return weekday_of(row.day) < 5; }));
}

TEST_CASE("a habit that stops is not seen afterwards") {
  auto options = clock_home();
  options.habits.stopping = 1;
  const auto home = make_home(options);
  const auto& truth = home.truth().planted.at(0);
  REQUIRE(truth.stops);

  const auto rows = turns_of(home, truth.entities[0], turn::on);

  REQUIRE_FALSE(rows.empty());
  CHECK(rows.back().day < *truth.stops);
  CHECK(*truth.stops - rows.back().day < 10);
}

TEST_CASE("a drifting habit moves by a minute a day") {
  auto options = clock_home();
  options.days = 61;
  options.habits.drifting = 1;
  const auto home = make_home(options);
  const auto rows = turns_of(home, home.truth().planted.at(0).entities[0], turn::on);

  const auto elapsed = rows.back().at - rows.front().at;
  const auto drift = static_cast<double>(elapsed.count()) / 60'000 -
                     1440.0 * (rows.back().day - rows.front().day);

  CHECK(drift == Approx(rows.back().day - rows.front().day).margin(5 * 6 * std::sqrt(2)));
}

TEST_CASE("two habits that share a clock time are independent of one another") {
  auto options = empty_home();
  options.days = 400;
  options.habits.shared_clock_pairs = 1;
  options.habits.noise_per_day = 0;
  const auto home = make_home(options);
  const auto& planted = home.truth().planted;
  REQUIRE(planted.size() == 2);
  REQUIRE(planted[0].time == planted[1].time);

  std::map<std::int32_t, wall_time> first;
  for (const auto& row : turns_of(home, planted[0].entities[0], turn::on))
    first[row.day.number] = row.at;
  std::vector<double> apart;
  for (const auto& row : turns_of(home, planted[1].entities[0], turn::on))
    if (first.contains(row.day.number))
      apart.push_back(static_cast<double>((row.at - first[row.day.number]).count()) /
                      1000);

  // Of independent times the differences vary by the sum of both variances.
  CHECK(sd_of(apart) == Approx(360 * std::sqrt(2)).epsilon(0.15));
}

TEST_CASE("a response follows its trigger with the stated probability and lag") {
  auto options = empty_home();
  options.days = 200;
  options.habits.triggers = 1;
  const auto home = make_home(options);
  const auto& truth = home.truth().planted.at(0);
  const auto responses = turns_of(home, truth.entities[1], turn::on);
  const auto triggers = turns_of(home, truth.entities[0], turn::on);

  std::vector<double> lags;
  for (const auto& trigger : triggers)
    for (const auto& response : responses)
      if (const auto lag = response.at - trigger.at;
          lag.count() > 0 && lag < std::chrono::seconds{180})
        lags.push_back(static_cast<double>(lag.count()) / 1000);
  std::sort(lags.begin(), lags.end());

  CHECK(triggers.size() > 700);
  // A few are lost to, or come from, activations at random.
  const auto share =
    static_cast<double>(lags.size()) / static_cast<double>(triggers.size());
  CHECK(share == Approx(truth.probability).margin(0.05));
  CHECK(lags[lags.size() / 2] == Approx(truth.lag_median).epsilon(0.1));
}

TEST_CASE("Home Assistant's view of an entity is a chain without gaps") {
  const auto home = make_home(full_home());
  std::map<std::string, std::string> last;
  bool chained = true;
  bool changes = true;
  bool kept = true;

  for (const auto& row : rows_of(home)) {
    if (!row.old_state.empty())
      chained = chained && last[row.entity] == row.old_state;
    if (row.kind == simulated_kind::state)
      changes = changes && row.state != row.old_state && row.changed == row.at;
    else
      kept = kept && row.state == row.old_state && row.changed < row.at;
    last[row.entity] = row.state;
  }

  CHECK(chained);
  CHECK(changes);
  CHECK(kept);
}

TEST_CASE(
  "nothing is written while Home Assistant is down, then every entity appears anew") {
  const auto home = make_home(full_home());
  const auto rows = rows_of(home);
  REQUIRE_FALSE(home.plan().downtimes.empty());

  for (const auto& down : home.plan().downtimes) {
    const auto first = std::find_if(
      rows.begin(), rows.end(), [&](const auto& row) { return row.at >= down.begin; });
    REQUIRE(first != rows.end());
    CHECK(first->at >= down.end);
    std::set<std::string> appeared;
    for (auto row = first;
         row != rows.end() && row->at < down.end + std::chrono::seconds{9}; ++row)
      if (row->old_state.empty())
        appeared.insert(row->entity);
    CHECK(appeared.size() == home.entities().size());
  }
}

TEST_CASE("an automation's rows carry the context of its run") {
  auto options = empty_home();
  options.distractors.automation_pairs = 1;
  options.distractors.timed_automations = 1;
  const auto home = make_home(options);
  std::map<context_id, entity_index> runs;
  int by_source = 0;
  int by_time = 0;
  bool automated = true;

  REQUIRE_FALSE(home.each_day([&](const simulated_day& day) -> error {
    for (const auto& row : day.rows) {
      const auto& context = day.contexts[row.context];
      if (row.kind == simulated_kind::automation)
        runs[context.id] = row.entity;
      else if (row.kind == simulated_kind::state && runs.contains(context.id)) {
        automated = automated && context.automated;
        ++(context.has_parent ? by_source : by_time);
      } else {
        automated = automated && !context.automated;
      }
    }
    return {};
  }));

  CHECK(automated);
  CHECK(by_source > 50);
  CHECK(by_time > 25);
}

TEST_CASE("a light group and its members change with one context within a second") {
  auto options = empty_home();
  options.distractors.groups = 1;
  const auto home = make_home(options);
  const auto& group = home.plan().groups.at(0);

  const auto pressed = turns_of(home, home.entities()[group.group].id, turn::on);

  REQUIRE(pressed.size() > 50);
  for (const auto member : group.members) {
    const auto followed = turns_of(home, home.entities()[member].id, turn::on);
    REQUIRE(followed.size() == pressed.size());
    for (std::size_t i = 0; i < pressed.size(); ++i) {
      CHECK(followed[i].context.id == pressed[i].context.id);
      CHECK(followed[i].at - pressed[i].at < std::chrono::seconds{1});
    }
  }
}

TEST_CASE("a reporter flips every minute and a burst packs 25 activations into ten") {
  auto options = empty_home();
  options.distractors.reporters = 1;
  options.distractors.bursty = 1;
  const auto home = make_home(options);
  const auto reporter =
    turns_of(home, home.entities()[home.plan().ticking.at(0).entity].id, turn::on);
  const auto bursty =
    turns_of(home, home.entities()[home.plan().bursty.at(0)].id, turn::on);

  std::size_t longest = 0;
  for (std::size_t first = 0, last = 0; last < bursty.size(); ++last) {
    while (bursty[last].at - bursty[first].at > std::chrono::minutes{10})
      ++first;
    longest = std::max(longest, last - first + 1);
  }

  CHECK(reporter.size() == Approx(30 * 720).epsilon(0.01));
  CHECK(longest >= 20); // a few fall into one another
}

TEST_CASE("noise that comes together fills a few half hours of a day") {
  auto options = empty_home();
  options.entities = 40;
  options.distractors.noise = 20;
  options.distractors.noise_per_day = {10, 10};
  // Half hours of a day in which anything is turned on, on average.
  const auto busy_half_hours = [&] {
    std::set<std::int64_t> half_hours;
    for (const auto& row : rows_of(
           make_home(options), [](const auto& row) { return row.old_state == "off"; }))
      half_hours.insert(row.at.time_since_epoch().count() / 1'800'000);
    return static_cast<double>(half_hours.size()) / options.days;
  };

  const auto apart = busy_half_hours();
  options.distractors.together = 1;
  const auto together = busy_half_hours();

  CHECK(apart > 20);
  CHECK(together <= 10);
}

TEST_CASE("numeric sensors make up the wanted number of rows") {
  auto options = full_home();
  options.events_per_day = 20'000;
  options.days = 4;
  const auto home = make_home(options);

  const auto rows =
    rows_of(home, [](const told_row& row) { return row.entity.starts_with("sensor."); });

  CHECK(static_cast<double>(rows.size()) / 4 == Approx(20'000).epsilon(0.1));
}

TEST_CASE("a page of a day has its rows, causes and restarts") {
  auto options = full_home();
  options.days = 1;
  options.distractors.restarts = 0;
  options.distractors.outages = 0;
  const auto home = make_home(options);
  std::size_t states = 0;
  event_page page;

  REQUIRE_FALSE(home.each_day([&](const simulated_day& day) -> error {
    states = static_cast<std::size_t>(
      std::count_if(day.rows.begin(), day.rows.end(), [](const auto& row) {
        return row.kind == simulated_kind::state ||
               row.kind == simulated_kind::attributes;
      }));
    page = page_of(home, day);
    return {};
  }));

  const auto count = [&](auto wanted) {
    return std::count_if(page.rows.begin(), page.rows.end(), wanted);
  };
  CHECK(page.rows.size() == states + 1);
  CHECK(count([](const auto& row) { return row.kind == row_kind::restart; }) == 1);
  CHECK(count([](const auto& row) { return row.by == cause::automation; }) > 0);
  CHECK(count([](const auto& row) { return row.by == cause::person; }) > 0);
  CHECK(count([](const auto& row) { return row.kind == row_kind::attributes; }) > 0);
  CHECK(count([](const auto& row) { return row.kind == row_kind::change && !row.act; }) ==
        0);
}

TEST_CASE("options that can't be met are refused by name") {
  simulation_options options;
  options.entities = 10;
  const auto few = simulate_home(options);
  options = {};
  options.time_zone = "Mars/Olympus";
  const auto nowhere = simulate_home(options);
  options = {};
  options.days = 0;
  const auto never = simulate_home(options);

  REQUIRE_FALSE(few);
  CHECK_THAT(describe(few.error()), Catch::Contains("entities"));
  REQUIRE_FALSE(nowhere);
  CHECK_THAT(describe(nowhere.error()), Catch::Contains("Mars/Olympus"));
  REQUIRE_FALSE(never);
  CHECK_THAT(describe(never.error()), Catch::Contains("days"));
}
