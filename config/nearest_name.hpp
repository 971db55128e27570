#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// The name that `typed` was probably meant to be: the one fewest edits away, at most a third
/// of its length, where swapping neighbours is one edit; empty if none is that near.
/// Source: optimal string alignment distance, after F. J. Damerau, "A technique for computer
///         detection and correction of spelling errors", CACM 7(3), 1964.
std::string_view nearest_name(std::string_view typed,
                              const std::vector<std::string_view>& names);

/// " (did you mean \"http\"?)", or nothing if no name is near.
std::string did_you_mean(std::string_view typed,
                         const std::vector<std::string_view>& names);

} // namespace habitd
