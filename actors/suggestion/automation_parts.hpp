#pragma once

#include "messages/home_day.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace habitd {

// Sections of an automation in YAML, in the syntax of Home Assistant 2024.10 and later.
// Source: home-assistant notes 3.1, and 9.22 for what must be quoted.

/// A YAML 1.1 double-quoted scalar, on one line.
std::string yaml_quoted(std::string_view text);

std::string time_trigger(int seconds_since_midnight);

/// A device that comes back online doesn't fire it.
/// @param stays_minutes  how long it has to stay so; 0 = fires at once.
std::string state_trigger(const std::string& entity, turn to, int stays_minutes = 0);

/// @param weekdays          of the home's days, which begin at 03:00; all or none = always.
/// @param is_past_midnight  the automation runs between midnight and 03:00.
std::string weekday_condition(const std::vector<int>& weekdays, bool is_past_midnight);

/// Calls an action such as "light.turn_on" on an entity.
std::string act(const std::string& action, const std::string& entity);

/// Shows a notification in Home Assistant.
std::string notify(const std::string& id, const std::string& title,
                   const std::string& message);

} // namespace habitd
