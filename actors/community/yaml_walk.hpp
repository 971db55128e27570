#pragma once

#include "config/yaml_tree.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace habitd {

// Reading of loosely written YAML: where a list is wanted, one value will do.

/// The value of a key of a map; of a key that comes twice the last one, as PyYAML has it.
/// Null if there is none, or `map` isn't one.
const yaml_node* find(const yaml_node& map, std::string_view key);

/// The first of these keys that is there.
const yaml_node* find_any(const yaml_node& map,
                          std::initializer_list<std::string_view> keys);

/// Of a scalar without a tag; empty for anything else.
std::string text_of(const yaml_node* node);

/// The scalars of a list, or the one scalar; those with a tag are left out.
std::vector<std::string> texts_of(const yaml_node* node);

/// The values of a list, or the one value; nothing for null.
std::vector<const yaml_node*> items_of(const yaml_node* node);

/// "true", "yes", "on" in any case. @param otherwise  for null and anything else.
bool flag_of(const yaml_node* node, bool otherwise);

inline bool is_map(const yaml_node* node) {
  return node && node->is == yaml_node::kind::map;
}
inline bool is_scalar(const yaml_node* node) {
  return node && node->is == yaml_node::kind::scalar;
}
inline bool is_input(const yaml_node* node) {
  return is_scalar(node) && node->tag == "!input";
}

/// Adds `text` if it is not empty and not there.
void add_once(std::vector<std::string>& to, std::string text);

} // namespace habitd
