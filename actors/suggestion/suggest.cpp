#include "actors/suggestion/suggest.hpp"

#include "actors/detector/detector.hpp"
#include "actors/suggestion/automation_yaml.hpp"

#include <algorithm>

namespace habitd {

namespace {

struct ranked {
  suggestion made;
  double saved_per_week = 0;
};

ranked rank(const pattern& habit, const automation& proposed, const back_test& test) {
  const auto words = words_of(habit);
  ranked result;
  auto& made = result.made;
  made.id = "habitd_" + habit.id;
  made.pattern = habit.id;
  made.title = words.title;
  made.reason = words.reason;
  made.test = test;
  made.asks_first = only_asks(proposed);
  made.yaml = automation_yaml(
    proposed, {made.id, made.title, "Proposed by habitd. " + made.reason});
  const double weeks = std::max(1, test.days) / 7.0;
  result.saved_per_week =
    habit.adherence.low * static_cast<double>(test.right - test.unwanted) / weeks;
  return result;
}

bool is_worth_it(const back_test& test) {
  const auto earned = test.right - test.by_chance;
  return earned > 0 && earned >= 2 * test.unwanted;
}

} // namespace

expected<std::vector<suggestion>> suggest(const std::vector<pattern>& patterns,
                                          const run_back_test& replay) {
  std::vector<ranked> all;
  for (const auto& habit : patterns) {
    const auto proposed =
      habit.status == pattern_status::confirmed ? automation_for(habit) : std::nullopt;
    if (!proposed)
      continue;
    const auto test = replay(habit);
    if (!test)
      return test.error();
    if (!is_worth_it(*test))
      continue;
    all.push_back(rank(habit, *proposed, *test));
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
