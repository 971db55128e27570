#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace habitd {

/// The shingles of the `i`-th entry; valid until the next call.
using shingles_by_position =
  std::function<const std::vector<std::uint32_t>&(std::size_t i)>;

/// Goes through entries from the best to the worst, and finds for each the first of the
/// better ones that stays and that it shares at least `least` of all shingles with. Those
/// that have none stay.
/// @returns  for each entry the position of the one that absorbs it; its own, if it stays.
/// Candidates share four neighbouring values of sixteen groups in a signature of 64 minima:
/// at 0.9 one of 26 million pairs is missed; each is then compared in full.
/// Sources: A. Z. Broder, "On the resemblance and containment of documents", 1997; P. Li,
///          A. Owen, C.-H. Zhang, "One permutation hashing", NIPS 2012; A. Shrivastava,
///          "Optimal densification for fast and accurate minwise hashing", ICML 2017.
std::vector<std::size_t> absorbers(std::size_t entries,
                                   const shingles_by_position& shingles, double least);

} // namespace habitd
