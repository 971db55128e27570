#pragma once

#include "actors/detector/detector.hpp"

#include <string>

namespace habitd {

/// "light.kitchen|on": an item in the text that a pattern's id is made of. Part of stored
/// ids, never change it.
inline std::string item_text(item_number item, const entity_names& names) {
  return names(entity_of(item)) + (turn_of(item) == turn::on ? "|on" : "|off");
}

} // namespace habitd
