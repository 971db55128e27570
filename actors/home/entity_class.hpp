#pragma once

#include "messages/home_day.hpp"

#include <cstdint>
#include <string_view>

namespace habitd {

/// What a state means for habits. Entering `on` or `off` is a turn; `other` is neither, like
/// a temperature or a jammed lock; `absent` is no state at all.
enum class state_class : std::uint8_t { on, off, other, absent };

/// Class of a state of an entity in `domain`, whatever its case.
state_class classify(std::string_view domain, std::string_view state);

/// True for domains of which some state is of class `on` or `off`.
bool has_classes(std::string_view domain);

/// True where going off is a person's act too: one turns a light off, but nobody turns a
/// motion sensor off. Also for presence, where leaving is an act.
bool is_actuator(std::string_view domain);

} // namespace habitd
