#include "actors/suggestion/domain.hpp"

#include <algorithm>
#include <array>

namespace habitd {

namespace {

const std::vector<domain_row>& rows() {
  using words = std::vector<std::string_view>;
  const words on{"on"};
  const words off{"off"};
  static const std::vector<domain_row> table{
    {"light", "light.turn_on", "light.turn_off", on, off},
    {"switch", "switch.turn_on", "switch.turn_off", on, off},
    {"fan", "fan.turn_on", "fan.turn_off", on, off},
    {"input_boolean", "input_boolean.turn_on", "input_boolean.turn_off", on, off},
    {"humidifier", "humidifier.turn_on", "humidifier.turn_off", on, off},
    {"siren", "siren.turn_on", "siren.turn_off", on, off},
    {"remote", "remote.turn_on", "remote.turn_off", on, off},
    {"binary_sensor", "", "", on, off},
    // Many televisions only know on and off, and what is off can't play.
    {"media_player",
     "media_player.turn_on",
     "media_player.turn_off",
     {"playing", "on", "buffering"},
     {"off", "idle", "standby", "paused"}},
    {"climate",
     "climate.turn_on",
     "climate.turn_off",
     {"heat", "cool", "heat_cool", "auto", "dry", "fan_only"},
     off},
    {"water_heater",
     "water_heater.turn_on",
     "water_heater.turn_off",
     {},
     off}, // any mode
    // Who waits for the end of a movement that is never told, waits for nothing.
    {"cover", "cover.open_cover", "cover.close_cover", {"open"}, {"closed"}},
    {"valve", "valve.open_valve", "valve.close_valve", {"open"}, {"closed"}},
    {"lock", "lock.unlock", "lock.lock", {"unlocked", "open"}, {"locked"}},
    {"vacuum",
     "vacuum.start",
     "vacuum.return_to_base",
     {"cleaning"},
     {"docked", "idle", "paused", "returning"}},
    {"lawn_mower", "", "", {"mowing"}, {"docked", "paused", "returning"}},
    {"person", "", "", {"home"}, {}},
    {"device_tracker", "", "", {"home"}, {}},
    {"alarm_control_panel",
     "",
     "",
     {"armed_home", "armed_away", "armed_night", "armed_vacation", "armed_custom_bypass",
      "arming", "pending", "triggered"},
     {"disarmed"}},
  };
  return table;
}

const domain_row* row_of(std::string_view entity) {
  const auto found = std::ranges::find(rows(), domain_of(entity), &domain_row::domain);
  return found == rows().end() ? nullptr : &*found;
}

/// Letters, digits and underscores, of which none is at an end.
bool is_name(std::string_view text) {
  return !text.empty() && text.front() != '_' && text.back() != '_' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

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

std::span<const domain_row> domain_table() {
  return rows();
}

bool is_accepted_id(std::string_view entity) {
  const auto dot = entity.find('.');
  return dot != std::string_view::npos && entity.size() <= 255 &&
         is_name(entity.substr(0, dot)) && is_name(entity.substr(dot + 1)) &&
         entity.find("__") == std::string_view::npos;
}

std::optional<std::string> action_for(std::string_view entity, turn to) {
  const auto* const row = row_of(entity);
  if (!row || row->turn_on.empty() || !is_accepted_id(entity))
    return std::nullopt;
  return std::string{to == turn::on ? row->turn_on : row->turn_off};
}

bool needs_a_person(std::string_view entity) {
  const auto domain = domain_of(entity);
  const auto has = [entity](std::string_view name) { return contains(entity, name); };
  return is_one_of(domain, guarded_domains) ||
         (!is_one_of(domain, harmless_domains) &&
          std::any_of(guarded_names.begin(), guarded_names.end(), has));
}

state_change change_of(std::string_view entity, turn to) {
  const auto* const row = row_of(entity);
  if (!row)
    return {{std::string{to == turn::on ? "on" : "off"}}, {}};
  const auto& entered = to == turn::on ? row->on : row->off;
  if (!entered.empty())
    return {{entered.begin(), entered.end()}, {}};
  const auto& left = to == turn::on ? row->off : row->on;
  return {{}, std::string{left.front()}};
}

} // namespace habitd
