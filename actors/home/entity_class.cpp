#include "actors/home/entity_class.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>

namespace habitd {

namespace {

using words = std::span<const std::string_view>;

/// What the states of one domain mean; states in neither list are of class `rest`.
struct domain_rule {
  std::string_view domain;
  words on;
  words off;
  state_class rest = state_class::other;
  bool actuator = true;
};

// Beside Home Assistant's own words, those of data sets and templates.
constexpr std::array<std::string_view, 5> switched_on{"on", "true", "1", "1.0", "open"};
constexpr std::array<std::string_view, 5> switched_off{"off", "false", "0", "0.0",
                                                       "closed"};
// Moving counts as arrived: the act is when the movement begins.
constexpr std::array<std::string_view, 2> opened{"open", "opening"};
constexpr std::array<std::string_view, 2> closed{"closed", "closing"};
constexpr std::array<std::string_view, 4> unlocked{"unlocked", "unlocking", "open",
                                                   "opening"};
constexpr std::array<std::string_view, 2> locked{"locked", "locking"};
// Televisions that don't tell what they do are just on. Buffering interrupts playing.
constexpr std::array<std::string_view, 3> playing{"playing", "buffering", "on"};
constexpr std::array<std::string_view, 4> silent{"off", "idle", "standby", "paused"};
constexpr std::array<std::string_view, 6> heating{"heat", "cool",     "auto",
                                                  "dry",  "fan_only", "heat_cool"};
constexpr std::array<std::string_view, 1> only_off{"off"};
constexpr std::array<std::string_view, 1> only_home{"home"};
constexpr std::array<std::string_view, 3> working{"cleaning", "mowing", "on"};
constexpr std::array<std::string_view, 5> resting{"docked", "idle", "paused", "returning",
                                                  "off"};
// An alarm that goes off was armed, and stays so: `pending` and `triggered` are no turns.
constexpr std::array<std::string_view, 9> armed{
  "armed_home", "armed_away", "armed_night", "armed_vacation", "armed_custom_bypass",
  "armed",      "arming",     "pending",     "triggered"};
constexpr std::array<std::string_view, 1> disarmed{"disarmed"};

// Domains that aren't here have no habits in them: sensor, number, weather, sun and update
// report; automation, script and scene are programs; group repeats its members; button and
// event have times for states; timer, calendar and schedule follow the clock.
constexpr std::array rules{
  domain_rule{"light", switched_on, switched_off},
  domain_rule{"switch", switched_on, switched_off},
  domain_rule{"fan", switched_on, switched_off},
  domain_rule{"input_boolean", switched_on, switched_off},
  domain_rule{"siren", switched_on, switched_off},
  domain_rule{"humidifier", switched_on, switched_off},
  domain_rule{"remote", switched_on, switched_off, state_class::other, false},
  domain_rule{"binary_sensor", switched_on, switched_off, state_class::other, false},
  domain_rule{"media_player", playing, silent},
  domain_rule{"climate", heating, only_off},
  // Every mode of a water heater heats: eco, electric, gas, performance …
  domain_rule{"water_heater", {}, only_off, state_class::on},
  domain_rule{"cover", opened, closed},
  domain_rule{"valve", opened, closed},
  domain_rule{"lock", unlocked, locked},
  domain_rule{"vacuum", working, resting},
  domain_rule{"lawn_mower", working, resting, state_class::other, false},
  // Away has many names: not_home, and every zone that isn't home.
  domain_rule{"person", only_home, {}, state_class::off},
  domain_rule{"device_tracker", only_home, {}, state_class::off},
  domain_rule{"alarm_control_panel", armed, disarmed, state_class::other, false},
};

const domain_rule* rule_of(std::string_view domain) {
  const auto found = std::ranges::find(rules, domain, &domain_rule::domain);
  return found == rules.end() ? nullptr : &*found;
}

constexpr std::size_t longest_word = 20;

} // namespace

state_class classify(std::string_view domain, std::string_view state) {
  std::array<char, longest_word> buffer{};
  const auto size = std::min(state.size(), buffer.size());
  std::transform(
    state.begin(), state.begin() + static_cast<std::ptrdiff_t>(size), buffer.begin(),
    [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  const std::string_view lower{buffer.data(), size};
  const bool whole = size == state.size(); // no word is longer
  if (whole && (lower.empty() || lower == "unavailable" || lower == "unknown"))
    return state_class::absent;
  const auto* const rule = rule_of(domain);
  if (!rule)
    return state_class::other;
  if (whole && std::ranges::find(rule->on, lower) != rule->on.end())
    return state_class::on;
  if (whole && std::ranges::find(rule->off, lower) != rule->off.end())
    return state_class::off;
  return rule->rest;
}

bool has_classes(std::string_view domain) {
  return rule_of(domain) != nullptr;
}

bool is_actuator(std::string_view domain) {
  const auto* const rule = rule_of(domain);
  return rule && rule->actuator;
}

} // namespace habitd
