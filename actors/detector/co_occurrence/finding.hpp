#pragma once

#include "messages/pattern.hpp"

#include <optional>

namespace habitd {

/// Lags of a response after its trigger, in seconds.
struct lag_summary {
  double median = 0;
  double p10 = 0;
  double p90 = 0;
};

/// What a pattern of this detector says beyond what all say.
struct response_finding {
  int window = 0; // seconds within which a response counts
  std::optional<lag_summary> lag;
};

boost::json::object own_part(const response_finding& finding);

/// Nothing if the pattern is no response.
std::optional<response_finding> response_finding_of(const pattern& found);

} // namespace habitd
