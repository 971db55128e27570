#pragma once

#include "messages/pattern.hpp"

#include <cstdint>

namespace habitd {

/// P(Bin(trials, chance) >= successes), exact to about 1e-13 relative, never 0, so that very
/// small values still sort. Successes and trials may be fractions: the incomplete beta
/// function continues the tail between whole numbers.
/// @param chance  clamped to [0, 1].
double binomial_tail(double successes, double trials, double chance);

/// `successes / trials` with its 95 % interval; {0, 0, 1} without trials.
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
///         inference", JASA 22(158), 1927.
proportion wilson(std::uint32_t successes, std::uint32_t trials);

/// Fisher's exact test, two-sided: how likely a 2x2 table with these margins is no likelier
/// than the one with `a` of `a_trials` and `b` of `b_trials`.
double fisher_exact(std::uint32_t a, std::uint32_t a_trials, std::uint32_t b,
                    std::uint32_t b_trials);

} // namespace habitd
