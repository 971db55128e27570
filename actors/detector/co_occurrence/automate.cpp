#include "actors/detector/co_occurrence/automate.hpp"

#include "actors/detector/co_occurrence/finding.hpp"
#include "actors/detector/co_occurrence/row.hpp"
#include "actors/detector/kit/day_set.hpp"
#include "actors/suggestion/automation_parts.hpp"
#include "actors/suggestion/domain.hpp"
#include "actors/suggestion/wording.hpp"

#include <fmt/format.h>

#include <numeric>

namespace habitd {

namespace {

struct day_result {
  int fired = 0;
  int right = 0;
};

/// Triggers of one day's row, and those that the response followed.
expected<day_result> result_of(std::string_view row_bytes, item_number response,
                               std::size_t kind) {
  const auto sections = split_day_row(row_bytes);
  if (!sections)
    return sections.error();
  trigger_row row;
  day_result of;
  const auto look = [&](const day_hit& hit) {
    if (hit.item == response)
      of.right = static_cast<int>(hit.hits[kind]);
  };
  if (!add_bins(sections->bins, row) || !each_hit(sections->counts, look))
    return make_error(ec::corrupt_data, "co-occurrences do not decode");
  const auto& by_bin = row.triggers[kind];
  of.fired =
    static_cast<int>(std::accumulate(by_bin.begin(), by_bin.end(), std::uint32_t{0}));
  return of;
}

} // namespace

pattern_words describe_response(const pattern& habit) {
  const auto finding = response_finding_of(habit).value_or(response_finding{});
  const auto seen = event_words(habit.entities.back(), habit.turns.back());
  const auto after = event_words(habit.entities.front(), habit.turns.front());
  pattern_words words;
  words.title =
    fmt::format("{} when {}", order_words(habit.entities.back(), habit.turns.back()),
                trigger_words(habit.entities.front(), habit.turns.front()));
  if (!habit.weekdays.empty() && habit.weekdays.size() < 7)
    words.title += " " + weekday_phrase(habit.weekdays);
  words.headline = fmt::format("{} after {}", seen, after);
  words.reason =
    fmt::format("{} {} of {} times within {} after {}, on {} days", seen, habit.support,
                habit.trials, span_phrase(finding.window), after, habit.support_days);
  words.figures = fmt::format("{} of {} times on {} days", habit.support, habit.trials,
                              habit.support_days);
  if (const auto& lag = finding.lag) {
    words.reason += fmt::format(", as a rule after {}", span_phrase(lag->median));
    words.figures += fmt::format(", after {} ({} to {})", span_phrase(lag->median),
                                 span_phrase(lag->p10), span_phrase(lag->p90));
  }
  words.reason += ". " + chance_words(habit);
  return words;
}

expected<back_test> replay_response(const pattern& habit,
                                    const aggregate_history& history,
                                    const entity_numbers& numbers) {
  const auto finding = response_finding_of(habit);
  if (!finding || habit.entities.size() < 2)
    return make_error(ec::invalid_input, "no response in pattern " + habit.id);
  const std::size_t kind = finding->window == response_windows[0] ? 0 : 1;
  const auto trigger = item_of(numbers(habit.entities[0]), habit.turns[0]);
  const auto response = item_of(numbers(habit.entities[1]), habit.turns[1]);
  back_test test;
  for (const auto& [day, record] : history.days) {
    if (!is_on(habit.weekdays, day))
      continue;
    ++test.days;
    const auto bytes = history.part(day, trigger);
    if (!bytes && code_of(bytes.error()) == ec::not_found)
      continue;
    if (!bytes)
      return bytes.error();
    const auto of = result_of(*bytes, response, kind);
    if (!of)
      return of.error();
    test.fired += of->fired;
    test.right += of->right;
    test.unwanted += of->fired - of->right;
  }
  return test;
}

std::optional<automation> propose_response(const pattern& habit) {
  const auto& entity = habit.entities.back();
  const auto to = habit.turns.back();
  if (habit.entities.size() < 2 || !action_for(entity, to))
    return std::nullopt;
  return automation{
    .entity = entity,
    .to = to,
    .triggers = state_trigger(habit.entities.front(), habit.turns.front()),
    .conditions = weekday_condition(habit.weekdays, false),
    .actions = {},
    .why = event_words(entity, to) + " as a rule after " +
           event_words(habit.entities.front(), habit.turns.front()) + "."};
}

} // namespace habitd
