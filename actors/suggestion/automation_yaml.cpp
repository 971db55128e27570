#include "actors/suggestion/automation_yaml.hpp"

#include "actors/suggestion/domain.hpp"
#include "actors/suggestion/wording.hpp"
#include "storage/records.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

/// Entity ids of Home Assistant need no quotes.
std::string entity_scalar(std::string_view entity) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  return std::all_of(entity.begin(), entity.end(), plain) ? std::string{entity}
                                                          : yaml_quoted(entity);
}

std::string quoted_list(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const auto& text : texts)
    list += (list.size() > 1 ? ", " : "") + yaml_quoted(text);
  return list + "]";
}

std::string time_trigger(int seconds_since_midnight) {
  return fmt::format("triggers:\n"
                     "  - trigger: time\n"
                     "    at: {}\n",
                     yaml_quoted(clock_phrase(seconds_since_midnight) + ":00"));
}

/// A device that comes back online must not fire, nor one that goes from one state of the
/// class to another, hence `not_from`; Home Assistant refuses it beside `from`.
std::string state_trigger(const std::string& entity, turn to) {
  std::vector<std::string> others{"unavailable", "unknown"};
  auto yaml = fmt::format("triggers:\n"
                          "  - trigger: state\n"
                          "    entity_id: {}\n",
                          entity_scalar(entity));
  const auto change = change_of(entity, to);
  if (change.to.empty())
    return yaml + fmt::format("    from: {}\n"
                              "    not_to: {}\n",
                              yaml_quoted(change.from), quoted_list(others));
  if (change.to.size() > 1)
    others.insert(others.end(), change.to.begin(), change.to.end());
  return yaml + fmt::format("    not_from: {}\n"
                            "    to: {}\n",
                            quoted_list(others),
                            change.to.size() == 1 ? yaml_quoted(change.to[0])
                                                  : quoted_list(change.to));
}

/// Home Assistant's weekdays change at midnight, the home's days at 03:00.
std::string weekday_condition(const pattern& habit) {
  if (habit.weekdays.empty() || habit.weekdays.size() == 7)
    return "conditions: []\n";
  const int shift = habit.time && *habit.time < 3 * 3600 ? 1 : 0;
  std::string names;
  for (const int weekday : habit.weekdays)
    names +=
      (names.empty() ? "" : ", ") + std::string{weekday_word((weekday + shift) % 7)};
  return fmt::format("conditions:\n"
                     "  - condition: time\n"
                     "    weekday: [{}]\n",
                     names);
}

std::string act(const std::string& action, const std::string& entity) {
  return fmt::format("actions:\n"
                     "  - action: {}\n"
                     "    target:\n"
                     "      entity_id: {}\n",
                     action, entity_scalar(entity));
}

std::string ask(const automation_text& text, const pattern& habit) {
  const auto& entity = habit.entities.back();
  const auto to = habit.turns.back();
  const auto why = habit.time
                     ? event_words(entity, to) + " around this time on most days."
                     : event_words(entity, to) + " as a rule after " +
                         event_words(habit.entities.front(), habit.turns.front()) + ".";
  return fmt::format("actions:\n"
                     "  - action: persistent_notification.create\n"
                     "    data:\n"
                     "      notification_id: {}\n"
                     "      title: {}\n"
                     "      message: {}\n",
                     yaml_quoted(text.id), yaml_quoted(order_words(entity, to) + "?"),
                     yaml_quoted(why));
}

} // namespace

std::string yaml_quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      result += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      result += c;
  }
  return result + '"';
}

std::optional<std::string> automation_yaml(const pattern& habit,
                                           const automation_text& text) {
  const auto& entity = habit.entities.back();
  const auto to = habit.turns.back();
  const auto action = action_for(entity, to);
  if (!action || !is_accepted_id(habit.entities.front()))
    return std::nullopt;
  auto yaml = fmt::format("id: {}\nalias: {}\ndescription: {}\n", yaml_quoted(text.id),
                          yaml_quoted(text.alias), yaml_quoted(text.description));
  yaml += habit.time ? time_trigger(*habit.time)
                     : state_trigger(habit.entities.front(), habit.turns.front());
  yaml += weekday_condition(habit);
  yaml += needs_a_person(entity) ? ask(text, habit) : act(*action, entity);
  return yaml + "mode: single\n";
}

} // namespace habitd
