#pragma once

#include "messages/home_day.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// The Home Assistant action that brings an entity into a state: "light.turn_on". Nothing
/// for what can't be switched, such as a sensor or a person.
std::optional<std::string> action_for(std::string_view entity, turn to);

/// True where an unattended action could let somebody in, burn or flood (spec SU-5): such an
/// automation only asks.
bool needs_a_person(std::string_view entity);

/// The states whose entry is a turn, for the `to:` of a state trigger; for a person who
/// leaves, nothing: "home" is left for any other zone.
std::vector<std::string> states_entered(std::string_view entity, turn to);

} // namespace habitd
