#pragma once

#include "messages/pattern.hpp"

#include <optional>

namespace habitd {

/// What a pattern of this detector says beyond what all say.
struct clock_finding {
  int time = 0;              // seconds since local midnight
  double spread_minutes = 0; // 10-90 % width around `time`
};

boost::json::object own_part(const clock_finding& finding);

/// Nothing if the pattern is no habit of the clock.
std::optional<clock_finding> clock_finding_of(const pattern& found);

} // namespace habitd
