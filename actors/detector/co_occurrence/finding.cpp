#include "actors/detector/co_occurrence/finding.hpp"

namespace habitd {

namespace {

double number_in(const boost::json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value && value->is_number() ? value->to_number<double>() : 0;
}

} // namespace

boost::json::object own_part(const response_finding& finding) {
  boost::json::object part{{"window_seconds", finding.window}, {"lag", nullptr}};
  if (finding.lag)
    part["lag"] = {{"median_seconds", finding.lag->median},
                   {"p10_seconds", finding.lag->p10},
                   {"p90_seconds", finding.lag->p90}};
  return part;
}

std::optional<response_finding> response_finding_of(const pattern& found) {
  const auto window = number_in(found.own, "window_seconds");
  if (!(window >= 1 && window <= 86'400))
    return std::nullopt;
  response_finding finding{static_cast<int>(window), std::nullopt};
  if (const auto* lag = found.own.if_contains("lag"); lag && lag->is_object())
    finding.lag = {number_in(lag->get_object(), "median_seconds"),
                   number_in(lag->get_object(), "p10_seconds"),
                   number_in(lag->get_object(), "p90_seconds")};
  return finding;
}

} // namespace habitd
