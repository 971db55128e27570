#pragma once

#include "tools/habitd/findings.hpp"

#include <functional>
#include <string>

namespace habitd {

/// What an analysis has found, in a few characters: equal if and only if the findings are, so
/// that two builds, processors or orders of arrival can be compared. Entities go in by name,
/// figures rounded to nine significant digits, since the last bits are the processor's.
struct findings_digest {
  std::string patterns;    // first 16 hex digits of SHA-256
  std::string suggestions; // likewise; without their ranks
  std::size_t pattern_count = 0;
  std::size_t suggestion_count = 0;
};

/// @param counts  which patterns, and what is suggested of them, to take in.
findings_digest digest_of(const findings& all,
                          const std::function<bool(const pattern&)>& counts);

} // namespace habitd
