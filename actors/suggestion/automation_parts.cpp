#include "actors/suggestion/automation_parts.hpp"

#include "actors/suggestion/domain.hpp"
#include "actors/suggestion/wording.hpp"
#include "storage/records.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

/// Entity ids of Home Assistant need no quotes; what a foreign log calls an entity may.
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

std::string time_trigger(int seconds_since_midnight) {
  return fmt::format("triggers:\n"
                     "  - trigger: time\n"
                     "    at: {}\n",
                     yaml_quoted(clock_phrase(seconds_since_midnight) + ":00"));
}

// A device that comes back online must not fire, hence `not_from`; Home Assistant refuses
// `not_from` beside `from`.
std::string state_trigger(const std::string& entity, turn to, int stays_minutes) {
  const std::vector<std::string> absent{"unavailable", "unknown"};
  auto yaml = fmt::format("triggers:\n"
                          "  - trigger: state\n"
                          "    entity_id: {}\n",
                          entity_scalar(entity));
  const auto states = states_entered(entity, to);
  const auto stays =
    stays_minutes > 0
      ? fmt::format("    for: {}\n",
                    yaml_quoted(fmt::format("{:02}:{:02}:00", stays_minutes / 60,
                                            stays_minutes % 60)))
      : std::string{};
  if (states.empty())
    return yaml +
           fmt::format("    from: \"home\"\n"
                       "    not_to: {}\n",
                       quoted_list(absent)) +
           stays;
  return yaml +
         fmt::format("    not_from: {}\n"
                     "    to: {}\n",
                     quoted_list(absent),
                     states.size() == 1 ? yaml_quoted(states[0]) : quoted_list(states)) +
         stays;
}

// Home Assistant's weekdays change at midnight, the home's days at 03:00.
std::string weekday_condition(const std::vector<int>& weekdays, bool is_past_midnight) {
  if (weekdays.empty() || weekdays.size() == 7)
    return {};
  std::string names;
  for (const int weekday : weekdays)
    names += (names.empty() ? "" : ", ") +
             std::string{weekday_word((weekday + (is_past_midnight ? 1 : 0)) % 7)};
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

std::string notify(const std::string& id, const std::string& title,
                   const std::string& message) {
  return fmt::format("actions:\n"
                     "  - action: persistent_notification.create\n"
                     "    data:\n"
                     "      notification_id: {}\n"
                     "      title: {}\n"
                     "      message: {}\n",
                     yaml_quoted(id), yaml_quoted(title), yaml_quoted(message));
}

} // namespace habitd
