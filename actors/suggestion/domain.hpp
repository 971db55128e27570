#pragma once

#include "messages/home_day.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// What Home Assistant calls the states and actions of one domain. The classes of
/// actors/home/entity_class say what a turn is; this says how an automation sees one and
/// makes one.
struct domain_row {
  std::string_view domain;
  std::string_view turn_on, turn_off; // actions; empty: nothing switches it
  std::vector<std::string_view> on,
    off; // states of the class; empty: all but the other's
};

/// All domains in which there are habits. Held against Home Assistant by
/// tests/home_assistant.
std::span<const domain_row> domain_table();

/// The Home Assistant action that brings an entity into a state: "light.turn_on". Nothing
/// for what can't be switched, such as a sensor or a person, and for an id that Home
/// Assistant refuses.
std::optional<std::string> action_for(std::string_view entity, turn to);

/// True for an entity id that Home Assistant takes in an automation; a log may hold others.
/// Source: homeassistant/core.py, VALID_ENTITY_ID.
bool is_accepted_id(std::string_view entity);

/// True where an unattended action could let somebody in, burn or flood (spec SU-5): such an
/// automation only asks.
bool needs_a_person(std::string_view entity);

/// How a state trigger sees a turn: the entity enters one of `to`, from none of `to`. With no
/// `to` it leaves `from` for any other state.
struct state_change {
  std::vector<std::string> to;
  std::string from;
};

state_change change_of(std::string_view entity, turn to);

} // namespace habitd
