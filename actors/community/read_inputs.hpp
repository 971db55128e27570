#pragma once

#include "config/yaml_tree.hpp"
#include "messages/blueprint.hpp"
#include "messages/error.hpp"

#include <vector>

namespace habitd {

/// The inputs of a blueprint, those in sections too, in the order in which they stand.
/// @param input  of `blueprint:`; null if there is none.
/// @errors ec::invalid_input with the place, like "12:5: …": not a map, or a key twice.
expected<std::vector<blueprint_input>> read_inputs(const yaml_node* input);

} // namespace habitd
