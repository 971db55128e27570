#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace habitd {

/// The false-discovery rate at which each hypothesis would be accepted.
/// @param p       of the hypotheses worth listing, in any order.
/// @param tested  how many hypotheses were tested in all, >= p.size(); those not listed
///                count as p = 1.
/// @returns       q-values in the order of `p`.
/// Source: Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", JRSS B 57(1),
///         1995.
std::vector<double> false_discovery_rates(std::span<const double> p, std::size_t tested);

} // namespace habitd
