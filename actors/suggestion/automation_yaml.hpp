#pragma once

#include "actors/suggestion/automation_parts.hpp"
#include "messages/automation.hpp"
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

/// Writes an automation down. For an entity that needs a person's decision it asks by a
/// notification instead of acting.
std::string automation_yaml(const automation& made, const automation_text& text);

/// What a pattern's detector proposes; nothing if it ends in what can't be switched.
std::optional<automation> automation_for(const pattern& habit);

/// True if it asks by a notification instead of acting.
bool only_asks(const automation& made);

} // namespace habitd
