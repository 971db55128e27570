#include "actors/detector/time_of_day/automate.hpp"

#include "actors/detector/kit/day_set.hpp"
#include "actors/detector/time_of_day/finding.hpp"
#include "actors/detector/time_of_day/record.hpp"
#include "actors/suggestion/automation_parts.hpp"
#include "actors/suggestion/domain.hpp"
#include "actors/suggestion/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace habitd {

namespace {

constexpr std::array other_times{-36, -24, 24, 36}; // bins: two and three hours
constexpr int day_begins = 3 * 3600;

int bin_of(int seconds_since_midnight) {
  return (seconds_since_midnight - day_begins + 86'400) % 86'400 / 300;
}

/// The middle 80 % of a habit to either side hold nearly all of it.
int tolerance_of(const clock_finding& finding) {
  return std::clamp(static_cast<int>(std::ceil(finding.spread_minutes / 5)), 2, 6);
}

bool starts_near(const std::bitset<bins_per_day>& starts, int bin, int tolerance) {
  for (int at = std::max(0, bin - tolerance);
       at <= std::min(bins_per_day - 1, bin + tolerance); ++at)
    if (starts[static_cast<std::size_t>(at)])
      return true;
  return false;
}

/// When the item began on that day.
expected<std::bitset<bins_per_day>> starts_of(const aggregate_history& history,
                                              local_day day, item_number item) {
  std::bitset<bins_per_day> all;
  const auto bytes = history.part(day, 0);
  if (!bytes) {
    if (code_of(bytes.error()) == ec::not_found) // nothing happened on that day
      return all;
    return bytes.error();
  }
  const auto starts = unpack_starts(*bytes);
  if (!starts)
    return starts.error();
  for (const auto& [of_day, items] : *starts)
    for (const auto& entry : items)
      if (entry.item == item)
        all |= entry.starts;
  return all;
}

/// The noun for the days that a habit could have shown on.
std::string days_phrase(const std::vector<int>& weekdays) {
  const auto phrase = weekday_phrase(weekdays);
  return phrase == "on workdays"   ? "workdays"
         : phrase == "at weekends" ? "days at weekends"
                                   : "days";
}

} // namespace

pattern_words describe_clock(const pattern& habit) {
  const auto finding = clock_finding_of(habit).value_or(clock_finding{});
  const auto& entity = habit.entities.front();
  const auto to = habit.turns.front();
  const auto seen = event_words(entity, to);
  const auto at = clock_phrase(finding.time);
  const auto when = weekday_phrase(habit.weekdays);
  return {.title = fmt::format("{} at {} {}", order_words(entity, to), at, when),
          .headline = fmt::format("{} around {} {}", seen, at, when),
          .reason =
            fmt::format("{} around {} on {} of {} {}. {}", seen, at, habit.support,
                        habit.trials, days_phrase(habit.weekdays), chance_words(habit)),
          .figures = fmt::format("{} of {} days, within {:.0f} min", habit.support,
                                 habit.trials, std::max(1.0, finding.spread_minutes)),
          .order = fmt::format("{:06}", finding.time)};
}

expected<back_test> replay_clock(const pattern& habit, const aggregate_history& history,
                                 const entity_numbers& numbers) {
  const auto finding = clock_finding_of(habit);
  if (!finding)
    return make_error(ec::invalid_input, "no time in pattern " + habit.id);
  const auto bin = bin_of(finding->time);
  const auto item = item_of(numbers(habit.entities.front()), habit.turns.front());
  const auto tolerance = tolerance_of(*finding);
  back_test test;
  for (const auto& [day, record] : history.days) {
    if (!is_on(habit.weekdays, day) || !record.observed[static_cast<std::size_t>(bin)])
      continue;
    const auto starts = starts_of(history, day, item);
    if (!starts)
      return starts.error();
    ++test.days;
    ++test.fired;
    ++(starts_near(*starts, bin, tolerance) ? test.right : test.unwanted);
    for (const int shift : other_times)
      test.by_chance +=
        starts_near(*starts, (bin + shift + bins_per_day) % bins_per_day, tolerance)
          ? 1.0 / other_times.size()
          : 0.0;
  }
  return test;
}

std::optional<automation> propose_clock(const pattern& habit) {
  const auto& entity = habit.entities.front();
  const auto to = habit.turns.front();
  const auto finding = clock_finding_of(habit);
  if (!finding || !action_for(entity, to))
    return std::nullopt;
  const bool is_past_midnight = finding->time < day_begins; // of the home's day before
  return automation{.entity = entity,
                    .to = to,
                    .triggers = time_trigger(finding->time),
                    .conditions = weekday_condition(habit.weekdays, is_past_midnight),
                    .actions = {},
                    .why = event_words(entity, to) + " around this time on most days."};
}

} // namespace habitd
