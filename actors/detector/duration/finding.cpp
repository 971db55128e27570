#include "actors/detector/duration/finding.hpp"

#include <boost/json.hpp>

namespace habitd {

boost::json::object own_part(const duration_finding& finding) {
  return {{"duration", boost::json::value_from(finding)}};
}

std::optional<duration_finding> duration_finding_of(const pattern& found) {
  const auto* part = found.own.if_contains("duration");
  if (!part)
    return std::nullopt;
  auto finding = boost::json::try_value_to<duration_finding>(*part);
  if (finding.has_error() || finding->lengths.empty())
    return std::nullopt;
  return std::move(*finding);
}

} // namespace habitd
