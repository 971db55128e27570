#pragma once

#include "messages/community.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// A stretch of a post that is set as code.
struct code_block {
  std::string text;
  std::string language{}; // "yaml", "auto", …: as tagged, lower case; empty if it isn't
  bool by_indent = false; // four blanks make it code, nothing else does
  bool operator==(const code_block&) const = default;
};

constexpr std::size_t most_code_blocks = 50; // of one post; what comes after is left out

/// The code of a post, in order. In Markdown: fences of ``` and ~~~, also in lists and
/// quotes, `[code]` of BBCode, and indented blocks; in HTML: what is in <code> within <pre>.
/// Text that is YAML as a whole is one block.
std::vector<code_block> code_blocks(std::string_view body, body_form form);

/// Text of HTML: tags are left out, character references resolved.
std::string html_to_text(std::string_view html);

/// Whether Home Assistant's importer would find the blueprint of a post by its link: it takes
/// what is between the first tagged code and the *last* end of any code, inline code too.
/// Source: home-assistant notes 0a.
bool importable_from_post(std::string_view cooked);

} // namespace habitd
