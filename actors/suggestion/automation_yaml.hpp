#pragma once

#include "messages/home_day.hpp"
#include "messages/pattern.hpp"

#include <optional>
#include <string>

namespace habitd {

/// What an automation says, before it is written down.
struct automation_text {
  std::string id;
  std::string alias;
  std::string description;
};

/// Writes the automation that does what a pattern shows, in the syntax of Home Assistant
/// 2024.10 and later. For an entity that needs a person's decision it asks by a notification
/// instead of acting.
/// @returns  nothing if the pattern ends in an entity that can't be switched, or one has an id that
///           Home Assistant refuses.
/// Source: home-assistant notes 3.1, and 9.22 for what must be quoted.
std::optional<std::string> automation_yaml(const pattern& habit,
                                           const automation_text& text);

/// A YAML 1.1 double-quoted scalar, on one line.
std::string yaml_quoted(std::string_view text);

} // namespace habitd
