#pragma once

#include "messages/home_day.hpp"

#include <string>

namespace habitd {

/// An automation of Home Assistant, in the parts in which automations differ.
struct automation {
  std::string entity; // what it acts on, and how
  turn to = turn::on;
  std::string triggers;   // YAML of the whole section, likewise for the others
  std::string conditions; // empty = none
  std::string actions; // empty = switches the entity, or asks where that needs a person
  std::string why;     // what such a question says
};

} // namespace habitd
