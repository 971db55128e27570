#pragma once

#include <string>
#include <string_view>

namespace habitd {

/// True for what Home Assistant accepts as an entity id: "light.kitchen", at most 255
/// characters.
bool is_entity_id(std::string_view text);

/// "Kitchen Fridge (Magnetic)" as "kitchen_fridge_magnetic". Bytes outside ASCII become
/// hexadecimal, so that different names stay different.
std::string slug(std::string_view text);

/// True for a decimal number that isn't just 0 or 1, like "21.5".
bool is_measurement(std::string_view state);

/// An entity id for a name from a source that has none: a sensor if its state is a
/// measurement, else a binary sensor.
std::string entity_id_for(std::string_view name, std::string_view first_state);

} // namespace habitd
