#pragma once

#include "messages/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace habitd {

struct yaml_entry;

/// A value of a YAML file and where it stands.
struct yaml_node {
  enum class kind { nothing, scalar, list, map };
  kind is = kind::nothing;
  std::size_t line = 1; // from 1, as editors count
  std::size_t column = 1;
  std::string tag;                 // like "!secret"; empty if there is none of its own
  std::string text;                // of a scalar
  std::vector<yaml_entry> entries; // of a map; a list has no keys
};

/// Not a pair: clang wants the parts of one complete earlier than a node can be.
struct yaml_entry {
  yaml_node first; // the key of a map
  yaml_node second;
};

/// Reads one document of plain data: no anchors or aliases, which can blow a small file up,
/// and no nesting deeper than settings need.
/// @errors ec::invalid_input with the place: "habitd.yaml:3:1: …".
expected<yaml_node> read_yaml(const std::string& text, std::string_view file_name);

} // namespace habitd
