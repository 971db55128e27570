#pragma once

#include <string>
#include <string_view>

namespace habitd {

inline constexpr std::size_t largest_document = 1 << 20; // bytes

/// "markdown" or "guide".
bool is_document_kind(std::string_view kind);

/// Why a text is no document of its kind: not UTF-8, control characters, empty or too
/// large, HTML or JSON, neither a heading nor a title, a fence that is never closed, front matter that can't
/// be read; of a guide also a block of YAML that can't. Empty if it is one.
std::string problem_with(std::string_view text, std::string_view kind);

/// What speaks against taking a text in place of another: that less than a fifth of it is
/// left. Empty if nothing does.
std::string problem_with_change(std::string_view before, std::string_view after);

/// The first host that a link of `after` leads to and none of `before`; empty if there is
/// none. What a model writes must not bring links that somebody else has put in its mouth.
std::string unknown_host(std::string_view before, std::string_view after);

} // namespace habitd
