#pragma once

#include "messages/pattern.hpp"

#include <boost/describe.hpp>

#include <optional>

namespace habitd {

/// Uses of about one length, in seconds.
struct usual_length {
  double median_seconds = 0;
  double p10_seconds = 0;
  double p90_seconds = 0;
  std::uint32_t shortest_seconds = 0; // what still counts as one of them
  std::uint32_t longest_seconds = 0;
  double share = 0; // of all uses
};
BOOST_DESCRIBE_STRUCT(usual_length, (),
                      (median_seconds, p10_seconds, p90_seconds, shortest_seconds,
                       longest_seconds, share))

/// What a pattern of this detector says beyond what all say.
struct duration_finding {
  std::vector<usual_length> lengths; // one or two, the shorter first
  int off_after_minutes = 0;         // hardly any use is longer; 0 = can't be said
};
BOOST_DESCRIBE_STRUCT(duration_finding, (), (lengths, off_after_minutes))

boost::json::object own_part(const duration_finding& finding);

/// Nothing if the pattern is of no duration.
std::optional<duration_finding> duration_finding_of(const pattern& found);

} // namespace habitd
