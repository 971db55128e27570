#pragma once

#include "messages/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace habitd {

/// What the head of a document says about it.
struct front_matter {
  std::string title{};
  std::string source{};                       // empty = not said
  std::string kind{};                         // empty = not said
  std::uint32_t freshness_threshold_days = 0; // 0 = not said
  bool auto_update_enabled = true;
};

/// The lines between "---" at the very beginning and the next "---"; empty if there are
/// none.
std::string_view front_of(std::string_view text);

/// What follows them.
std::string_view body_of(std::string_view text);

/// Reads `title`, `source`, `kind`, `freshness_threshold_days` and `auto_update_enabled`;
/// other keys are somebody else's. A text without front matter gives the defaults.
/// @param name  of the document, for messages.
/// @errors      ec::invalid_input with line and column: more than 16 KB, not plain YAML, or
///              a value that is not what its key takes.
expected<front_matter> read_front_matter(std::string_view text, std::string_view name);

} // namespace habitd
