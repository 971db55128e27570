#include "actors/detector/co_occurrence/co_occurrence.hpp"
#include "actors/detector/time_of_day/time_of_day.hpp"
#include "tests/actors/detector/made_habits.hpp"
#include "tests/actors/detector/real_logs.hpp"
#include "tests/actors/detector/shuffles.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <ctime>

using namespace habitd;

namespace {

constexpr int shuffle_count = 40;

/// The months of a log, 28 days each; what is left over counts from 14 days on.
std::vector<std::vector<home_day>> months_of(const std::vector<home_day>& days) {
  std::vector<std::vector<home_day>> months;
  for (std::size_t from = 0; from + 14 <= days.size(); from += window_days)
    months.emplace_back(days.begin() + static_cast<std::ptrdiff_t>(from),
                        days.begin() + static_cast<std::ptrdiff_t>(
                                         std::min(days.size(), from + window_days)));
  return months;
}

std::vector<pair_link> responses_of(const std::vector<home_day>& days,
                                    const pair_rules& rules = {}) {
  const auto memory = remember(co_occurrence_detector(), days);
  const auto history = memory.history();
  const auto window =
    read_pair_window(history, days.back().day, days.back().day - days.front().day + 1);
  return *find_responses(history, *window, *scan_pairs(*window, rules), name_of_made);
}

std::vector<clock_mode> times_of(const std::vector<home_day>& days) {
  const auto memory = remember(time_of_day_detector(), days);
  const auto window = read_clock_window(memory.history(), days.back().day,
                                        days.back().day - days.front().day + 1);
  return find_clock_habits(*window, name_of_made);
}

struct named_rules {
  const char* name;
  pair_rules rules;
};

void print_shuffled_month(const std::string& name, const std::vector<home_day>& month) {
  constexpr std::array variants{
    named_rules{"binomial", {1.0, false}}, named_rules{"clustered", {1.0, true}},
    named_rules{"lift 1.5", {1.5, false}}, named_rules{"both", {1.5, true}}};
  std::array<double, variants.size()> rotated{};
  std::array<double, variants.size()> permuted{};
  double times = 0;
  for (int seed = 0; seed < shuffle_count; ++seed) {
    seeded random{static_cast<std::uint64_t>(seed)};
    const auto n1 = rotate_entity_days(month, random);
    const auto n2 = permute_entity_days(month, random);
    times += static_cast<double>(times_of(n1).size()) / shuffle_count;
    for (std::size_t i = 0; i < variants.size(); ++i) {
      rotated[i] +=
        static_cast<double>(responses_of(n1, variants[i].rules).size()) / shuffle_count;
      permuted[i] +=
        static_cast<double>(responses_of(n2, variants[i].rules).size()) / shuffle_count;
    }
  }
  std::printf("%-9s %2zu days: times %zu as it is, %.3f rotated\n", name.c_str(),
              month.size(), times_of(month).size(), times);
  for (std::size_t i = 0; i < variants.size(); ++i)
    std::printf("  responses, %-9s: %4zu as it is, %.3f rotated, %.3f permuted\n",
                variants[i].name, responses_of(month, variants[i].rules).size(),
                rotated[i], permuted[i]);
  std::fflush(stdout);
}

/// Recall and false ones of 20 habits (sd 6 min, 85 %) among 40 entities, 8 times.
void print_times(const char* name, int days,
                 void (*noise)(made_home&, entity_number, double, seeded&),
                 double per_day) {
  int right = 0;
  int wrong = 0;
  for (std::uint64_t seed = 100; seed < 108; ++seed) {
    seeded random{seed};
    made_home home{days};
    std::map<entity_number, int> at;
    for (entity_number entity = 1; entity <= 40; ++entity) {
      noise(home, entity, per_day, random);
      if (entity > 20)
        continue;
      const clock_habit habit{.entity = entity,
                              .at = random.uniform(1 * hours, 23 * hours)};
      at[entity] = clock_time(habit.at / 300);
      add_clock_habit(home, habit, random);
    }
    for (const auto& mode : times_of(home.days())) {
      const auto truth = at.find(entity_of(mode.item));
      const bool is_right =
        truth != at.end() &&
        clock_distance(truth->second, clock_time(mode.strength.centre)) <= 600;
      ++(is_right ? right : wrong);
    }
  }
  std::printf("times, %-22s %2d days: recall %.3f, false %d of 320\n", name, days,
              right / 160.0, wrong);
}

/// Ten responses (60 %, 15 s) among 40 entities busy at the same hours, 8 times.
void print_responses(int days) {
  int right = 0;
  int wrong = 0;
  for (std::uint64_t seed = 100; seed < 108; ++seed) {
    seeded random{seed};
    made_home home{days};
    for (entity_number entity = 1; entity <= 40; ++entity)
      add_diurnal_noise(home, entity, 5, random);
    for (entity_number pair = 0; pair < 10; ++pair)
      add_response(home, {.trigger = 2 * pair + 1, .response = 2 * pair + 2}, true,
                   random);
    for (const auto& [pair, lag] : responses_of(home.days())) {
      const auto trigger = entity_of(pair.trigger);
      const bool is_right =
        trigger % 2 == 1 && trigger < 20 && entity_of(pair.response) == trigger + 1;
      ++(is_right ? right : wrong);
    }
  }
  std::printf("responses %2d days: recall %.3f, false %d of 8 homes\n", days,
              right / 80.0, wrong);
}

/// How often entities that only share a clock, as sharp as `sd`, seem to respond.
void print_shared_clock(double sd) {
  int wrong = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    seeded random{seed};
    made_home home{28};
    for (entity_number entity = 1; entity <= 20; ++entity)
      for (const double at : {4.1 * hours, 9.3 * hours, 16.0 * hours})
        add_clock_habit(home, {.entity = entity, .at = at, .sd = sd, .adherence = 0.8},
                        random);
    wrong += static_cast<int>(responses_of(home.days()).size());
  }
  std::printf("shared clocks, sd %.0f min: %.3f false of 380 pairs\n", sd / minutes,
              wrong / 20.0);
}

double cpu_ms() {
  return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// `items` on-turns, those of low numbers far busier, in clumps.
std::vector<home_day> big_home(int days, int rows, int items) {
  seeded random{1};
  made_home home{days};
  for (int day = 0; day < days; ++day)
    for (int row = 0; row < rows; ++row) {
      const double share = random.uniform();
      home.add(day, random.uniform(0, 24 * hours),
               static_cast<entity_number>(1 + share * share * items));
    }
  return home.days();
}

} // namespace

TEST_CASE("the quality table of shuffled real logs", "[.quality]") {
  const auto logs = read_real_logs(HABITD_SHARED_DATA "/events");
  if (logs.empty()) {
    WARN("skipped: no logs at " HABITD_SHARED_DATA "/events");
    return;
  }
  for (const auto& log : logs)
    for (const auto& month : months_of(log.days))
      print_shuffled_month(log.name, month);
}

TEST_CASE("the quality table of made homes", "[.quality]") {
  for (const int days : {14, 30, 60}) {
    print_times("3 a day at any time", days, add_noise, 3);
    print_times("10 a day at any time", days, add_noise, 10);
    print_times("3 mornings, evenings", days, add_diurnal_noise, 3);
    print_times("6 mornings, evenings", days, add_diurnal_noise, 6);
    print_times("a burst a day", days, add_bursts, 1);
  }
  for (const int days : {7, 14, 30})
    print_responses(days);
  for (const double sd : {2.0, 6.0, 15.0})
    print_shared_clock(sd * minutes);
}

TEST_CASE("shuffled real logs give no patterns") {
  const auto logs = read_real_logs(HABITD_SHARED_DATA "/events");
  if (logs.empty()) {
    WARN("skipped: no logs at " HABITD_SHARED_DATA "/events");
    return;
  }
  std::size_t found = 0;
  for (const auto& log : logs)
    for (const auto& month : months_of(log.days))
      for (std::uint64_t seed = 1000; seed < 1002; ++seed) {
        seeded random{seed};
        const auto rotated = rotate_entity_days(month, random);
        found += times_of(rotated).size() + responses_of(rotated).size() +
                 responses_of(permute_entity_days(month, random)).size();
      }

  CHECK(found <= 1);
}

TEST_CASE("how long detectors take", "[.speed]") {
  for (const auto& [rows, items] :
       {std::pair{25'000, 300}, {100'000, 500}, {100'000, 1000}}) {
    const auto days = big_home(28, rows, items);
    for (const auto& with : all_detectors()) {
      const auto start = cpu_ms();
      const auto memory = remember(with, days);
      const auto observed = cpu_ms();
      const auto state = with.check(memory.history(), days.back().day, {}, name_of_made);
      const auto checked = cpu_ms();
      const auto patterns =
        with.conclude(memory.history(), days.back().day, *state, name_of_made);
      const auto concluded = cpu_ms();
      std::size_t bytes = 0;
      for (const auto& [part, text] : memory.parts.begin()->second)
        bytes += text.size();
      std::printf("%6d rows, %4d items, %-13s: observe %.1f ms/day, %zu kB/day, check "
                  "%.1f ms, conclude %.1f ms, %zu patterns\n",
                  rows, items, with.name, (observed - start) / 28, bytes / 1000,
                  checked - observed, concluded - checked, patterns->size());
      std::fflush(stdout);
    }
  }
}
