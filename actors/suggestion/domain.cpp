#include "actors/suggestion/domain.hpp"

#include "storage/records.hpp"

#include <algorithm>
#include <array>

namespace habitd {

namespace {

struct domain_actions {
  std::string_view domain;
  std::string_view on;
  std::string_view off;
};

// Domains whose actions are not plain turn_on and turn_off.
constexpr auto special_actions = std::array{
  domain_actions{"cover", "cover.open_cover", "cover.close_cover"},
  domain_actions{"valve", "valve.open_valve", "valve.close_valve"},
  domain_actions{"lock", "lock.unlock", "lock.lock"},
  domain_actions{"media_player", "media_player.media_play", "media_player.turn_off"},
  domain_actions{"vacuum", "vacuum.start", "vacuum.return_to_base"},
};

constexpr auto switched_domains = std::array<std::string_view, 9>{
  "light", "switch",  "fan",          "input_boolean", "humidifier",
  "siren", "climate", "water_heater", "remote"};

constexpr auto guarded_domains = std::array<std::string_view, 5>{
  "lock", "alarm_control_panel", "valve", "siren", "water_heater"};

// Things that are safe whatever they are called: a garage's lamp opens no door.
constexpr auto harmless_domains =
  std::array<std::string_view, 5>{"light", "fan", "media_player", "vacuum", "humidifier"};

// Device classes are not known from the history alone, so names decide.
constexpr auto guarded_names = std::array<std::string_view, 9>{
  "garage", "gate", "oven", "stove", "hob", "cooker", "heater", "boiler", "alarm"};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

template <std::size_t Size>
bool is_one_of(std::string_view text, const std::array<std::string_view, Size>& list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

} // namespace

std::optional<std::string> action_for(std::string_view entity, turn to) {
  const auto domain = domain_of(entity);
  for (const auto& entry : special_actions)
    if (entry.domain == domain)
      return std::string{to == turn::on ? entry.on : entry.off};
  if (!is_one_of(domain, switched_domains))
    return std::nullopt;
  return std::string{domain} + (to == turn::on ? ".turn_on" : ".turn_off");
}

bool needs_a_person(std::string_view entity) {
  const auto domain = domain_of(entity);
  const auto has = [entity](std::string_view name) { return contains(entity, name); };
  return is_one_of(domain, guarded_domains) ||
         (!is_one_of(domain, harmless_domains) &&
          std::any_of(guarded_names.begin(), guarded_names.end(), has));
}

std::vector<std::string> states_entered(std::string_view entity, turn to) {
  const auto domain = domain_of(entity);
  if (domain == "climate" && to == turn::on)
    return {"heat", "cool", "heat_cool", "auto", "dry", "fan_only"};
  if (domain == "media_player" && to == turn::off)
    return {"off", "idle", "standby", "paused"};
  if ((domain == "person" || domain == "device_tracker") && to == turn::off)
    return {};
  return {std::string{state_word(entity, to)}};
}

} // namespace habitd
