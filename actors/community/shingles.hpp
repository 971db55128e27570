#pragma once

#include "config/yaml_tree.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace habitd {

/// What a blueprint does, as a set: hashes of each four tokens in a row. Tokens are keys,
/// which carry the structure, and words of values; names and descriptions are left out, so
/// that a translated or renamed copy is still a copy. Of more than `most_shingles` the
/// smallest are kept, a random sample as it were.
/// @returns ascending, distinct.
std::vector<std::uint32_t> shingles_of(const yaml_node& root);

constexpr std::size_t most_shingles = 4096;

/// Shared part of two sets: |a ∩ b| / |a ∪ b|; 1 for two empty ones.
double jaccard(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b);

/// A hash of all that a document says: comments, quotes, the order of keys within a map and
/// where it was imported from don't count. 16 hexadecimal digits.
std::string content_hash(const yaml_node& root);

} // namespace habitd
