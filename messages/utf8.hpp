#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace habitd {

/// Characters of a text in UTF-8; a byte that is none of one counts as one.
std::size_t character_count(std::string_view text);

/// The text with each byte that is no UTF-8 written as "\xe4": files and their names hold
/// what bytes they like, but JSON, and people's screens, are UTF-8.
std::string valid_utf8(std::string_view text);

} // namespace habitd
