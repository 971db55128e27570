#pragma once

#include <string>
#include <string_view>

namespace habitd {

/// A title as it is compared: lower case, words apart by one blank, without "[Blueprint]" and
/// the like, punctuation and emoji.
std::string plain_title(std::string_view title);

/// 1 - edits / length of the longer one, both in bytes of plain titles. @returns [0, 1].
/// Source: V. I. Levenshtein, "Binary codes capable of correcting deletions, insertions and
///         reversals", Soviet Physics Doklady 10(8), 1966.
double title_similarity(std::string_view a, std::string_view b);

/// Whether `title_similarity` is more than `least`; much faster where it is not.
bool are_similar(std::string_view a, std::string_view b, double least);

} // namespace habitd
