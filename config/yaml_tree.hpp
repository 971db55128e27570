#pragma once

#include "messages/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
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

/// What a document may cost. The defaults are for settings.
struct yaml_limits {
  std::size_t bytes = std::size_t{1} << 20;
  std::size_t depth = 16;      // of nesting
  std::size_t nodes = 200'000; // aliases counted with all they stand for
  bool aliases = false; // anchors, aliases and merge keys ("<<"): resolved by copying
};

/// Why a text is no YAML that is taken, and where.
struct yaml_failure {
  std::size_t line = 1;
  std::size_t column = 1;
  std::string why;
};

/// Reads one document of plain data. Without aliases a file can't be blown up; with them it
/// can be up to `limits.nodes`, and not by a byte more.
std::variant<yaml_node, yaml_failure> parse_yaml(const std::string& text,
                                                 const yaml_limits& limits = {});

/// As `parse_yaml`. @errors ec::invalid_input with the place: "habitd.yaml:3:1: …".
expected<yaml_node> read_yaml(const std::string& text, std::string_view file_name,
                              const yaml_limits& limits = {});

} // namespace habitd
