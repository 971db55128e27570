#include "actors/detector/duration/automate.hpp"

#include "actors/detector/duration/finding.hpp"
#include "actors/detector/duration/record.hpp"
#include "actors/suggestion/automation_parts.hpp"
#include "actors/suggestion/domain.hpp"
#include "actors/suggestion/wording.hpp"
#include "storage/records.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

bool is_turned_off(const pattern& habit, const duration_finding& finding) {
  const auto& entity = habit.entities.front();
  return finding.lengths.size() == 1 && finding.off_after_minutes > 0 &&
         action_for(entity, turn::off) && !needs_a_person(entity);
}

/// "45 min or 2 h 40 min".
std::string lengths_phrase(const duration_finding& finding) {
  std::string text;
  for (const auto& each : finding.lengths)
    text += (text.empty() ? "" : " or ") + span_phrase(each.median_seconds);
  return text;
}

/// Seconds from which a use counts as one that ran through.
std::uint32_t half_of_shortest(const duration_finding& finding) {
  return static_cast<std::uint32_t>(finding.lengths.front().median_seconds / 2);
}

} // namespace

pattern_words describe_duration(const pattern& habit) {
  const auto finding = duration_finding_of(habit).value_or(duration_finding{});
  const auto& entity = habit.entities.front();
  const auto name = display_name(entity);
  const auto stays = fmt::format("{} stays {} for about {}", name,
                                 state_word(entity, turn::on), lengths_phrase(finding));
  pattern_words words;
  words.title = is_turned_off(habit, finding)
                  ? fmt::format("{} after {}", order_words(entity, turn::off),
                                span_phrase(60.0 * finding.off_after_minutes))
                  : fmt::format("Say when {} is done", name);
  words.headline = stays;
  words.figures = fmt::format("{} of {} times, on {} days", habit.support, habit.trials,
                              habit.support_days);
  words.reason = stays + ": " + words.figures + ".";
  if (is_turned_off(habit, finding))
    words.reason += fmt::format(" Hardly any use is longer than {}.",
                                span_phrase(60.0 * finding.off_after_minutes));
  return words;
}

expected<back_test> replay_duration(const pattern& habit,
                                    const aggregate_history& history,
                                    const entity_numbers& numbers) {
  const auto finding = duration_finding_of(habit);
  if (!finding)
    return make_error(ec::invalid_input, "no duration in pattern " + habit.id);
  const bool cuts = is_turned_off(habit, *finding);
  const auto entity = numbers(habit.entities.front());
  back_test test;
  for (const auto& [day, record] : history.days) {
    ++test.days;
    const auto bytes = history.part(day, entity);
    if (!bytes && code_of(bytes.error()) == ec::not_found)
      continue;
    const auto uses = bytes ? unpack_uses(*bytes) : bytes.error();
    if (!uses)
      return uses.error();
    for (const auto& [bin, count] : uses->uses) {
      const auto length = length_of(bin);
      const bool usual =
        std::any_of(finding->lengths.begin(), finding->lengths.end(), [&](auto& each) {
          return each.shortest_seconds <= length && length <= each.longest_seconds;
        });
      const bool cut = cuts && length > 60.0 * finding->off_after_minutes;
      if (!cut && !usual && (cuts || length < half_of_shortest(*finding)))
        continue; // it doesn't run
      test.fired += static_cast<int>(count);
      (usual && !cut ? test.right : test.unwanted) += static_cast<int>(count);
    }
  }
  return test;
}

std::optional<automation> propose_duration(const pattern& habit) {
  const auto finding = duration_finding_of(habit);
  if (!finding)
    return std::nullopt;
  const auto& entity = habit.entities.front();
  automation made;
  made.entity = entity;
  made.to = turn::off;
  if (is_turned_off(habit, *finding)) {
    made.triggers = state_trigger(entity, turn::on, finding->off_after_minutes);
    return made;
  }
  made.triggers = state_trigger(entity, turn::off, 1);
  made.conditions = fmt::format(
    "conditions:\n"
    "  - condition: template\n"
    "    value_template: {}\n",
    yaml_quoted(fmt::format("{{{{ (trigger.to_state.last_changed - trigger.from_state."
                            "last_changed).total_seconds() >= {} }}}}",
                            half_of_shortest(*finding))));
  made.actions = notify("habitd_" + habit.id, display_name(entity) + " is done",
                        "It takes " + lengths_phrase(*finding) + " as a rule.");
  return made;
}

} // namespace habitd
