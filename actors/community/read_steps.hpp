#pragma once

#include "config/yaml_tree.hpp"
#include "messages/blueprint.hpp"

namespace habitd {

/// Adds what the triggers, conditions and actions of an automation, script or template say:
/// their kinds, and the domains, device classes, integrations and risks that follow.
/// @param root  the whole document, or one automation of a list.
void read_steps(const yaml_node& root, blueprint_facts& facts);

/// Whether `action` wants a look before it is taken over: it opens, disarms, stops Home
/// Assistant or runs commands.
bool is_risky(std::string_view action);

} // namespace habitd
