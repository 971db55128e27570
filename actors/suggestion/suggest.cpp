#include "actors/suggestion/suggest.hpp"

#include "actors/suggestion/automation_yaml.hpp"
#include "actors/suggestion/domain.hpp"
#include "actors/suggestion/wording.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

struct ranked {
  suggestion made;
  double saved_per_week = 0;
};

std::string title_of(const pattern& habit) {
  const auto order = order_words(habit.entities.back(), habit.turns.back());
  if (habit.time)
    return fmt::format("{} at {} {}", order, clock_phrase(*habit.time),
                       weekday_phrase(habit.weekdays));
  auto title = fmt::format("{} when {}", order,
                           trigger_words(habit.entities.front(), habit.turns.front()));
  if (!habit.weekdays.empty() && habit.weekdays.size() < 7)
    title += " " + weekday_phrase(habit.weekdays);
  return title;
}

/// The noun for the days that a habit could have shown on.
std::string days_phrase(const std::vector<int>& weekdays) {
  const auto phrase = weekday_phrase(weekdays);
  return phrase == "on workdays"   ? "workdays"
         : phrase == "at weekends" ? "days at weekends"
                                   : "days";
}

/// "fewer than 1 in 1,000": how often a finding this strong would be chance.
std::string odds_phrase(double q) {
  for (const auto& [limit, words] :
       {std::pair{1e-6, "fewer than 1 in a million"},
        std::pair{1e-4, "fewer than 1 in 10,000"},
        std::pair{1e-3, "fewer than 1 in 1,000"}, std::pair{1e-2, "fewer than 1 in 100"}})
    if (q < limit)
      return words;
  return fmt::format("about {:.0f} in 100", q * 100);
}

std::string reason_of(const pattern& habit) {
  const auto seen = event_words(habit.entities.back(), habit.turns.back());
  std::string reason;
  if (habit.time)
    reason = fmt::format("{} around {} on {} of {} {}", seen, clock_phrase(*habit.time),
                         habit.support, habit.trials, days_phrase(habit.weekdays));
  else
    reason = fmt::format("{} {} of {} times within {} after {}, on {} days", seen,
                         habit.support, habit.trials, span_phrase(habit.window),
                         event_words(habit.entities.front(), habit.turns.front()),
                         habit.support_days);
  if (habit.lag)
    reason += fmt::format(", as a rule after {}", span_phrase(habit.lag->median));
  return reason + fmt::format(". That is {:.1f} times as often as by chance; {} findings "
                              "this strong are accidents.",
                              habit.lift, odds_phrase(habit.q));
}

ranked rank(const pattern& habit, const back_test& test) {
  ranked result;
  auto& made = result.made;
  made.id = "habitd_" + habit.id;
  made.pattern = habit.id;
  made.title = title_of(habit);
  made.reason = reason_of(habit);
  made.test = test;
  made.asks_first = needs_a_person(habit.entities.back());
  const double weeks = std::max(1, test.days) / 7.0;
  result.saved_per_week =
    habit.adherence.low * static_cast<double>(test.right - test.unwanted) / weeks;
  return result;
}

} // namespace

expected<std::vector<suggestion>> suggest(const std::vector<pattern>& patterns,
                                          const run_back_test& replay) {
  std::vector<ranked> all;
  for (const auto& habit : patterns) {
    if (habit.status != pattern_status::confirmed ||
        !action_for(habit.entities.back(), habit.turns.back()) ||
        !is_accepted_id(habit.entities.front()))
      continue;
    const auto test = replay(habit);
    if (!test)
      return test.error();
    if (test->right <= test->unwanted)
      continue;
    auto entry = rank(habit, *test);
    entry.made.yaml = automation_yaml(habit, {entry.made.id, entry.made.title,
                                              "Proposed by habitd. " + entry.made.reason})
                        .value_or("");
    all.push_back(std::move(entry));
  }
  std::stable_sort(all.begin(), all.end(), [](const ranked& a, const ranked& b) {
    return a.saved_per_week > b.saved_per_week;
  });
  if (all.size() > max_suggestions)
    all.resize(max_suggestions);
  std::vector<suggestion> result;
  for (auto& entry : all) {
    result.push_back(std::move(entry.made));
    result.back().rank = static_cast<int>(result.size());
  }
  return result;
}

} // namespace habitd
