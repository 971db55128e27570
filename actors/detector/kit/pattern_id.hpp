#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace habitd {

/// A number for `text` that is the same on every machine and in every version.
/// Source: G. Fowler, L. C. Noll, K.-P. Vo, FNV-1a, 64 bits.
std::uint64_t stable_hash(std::string_view text);

/// The id of a pattern that says `text`. If another pattern has that id already, the text is
/// hashed again with "#2", "#3", … after it, so callers take ids in an order of their own
/// that does not depend on chance.
std::uint64_t free_pattern_id(const std::string& text,
                              const std::function<bool(std::uint64_t)>& taken);

/// 16 hexadecimal digits.
std::string format_pattern_id(std::uint64_t id);

} // namespace habitd
