#include "actors/detector/time_of_day/finding.hpp"

#include "storage/records.hpp"

#include <cstdio>

namespace habitd {

boost::json::object own_part(const clock_finding& finding) {
  return {{"time", time_word(finding.time)}, {"spread_minutes", finding.spread_minutes}};
}

std::optional<clock_finding> clock_finding_of(const pattern& found) {
  const auto* time = found.own.if_contains("time");
  int hour = 0, minute = 0, second = 0;
  if (!time || !time->is_string() ||
      std::sscanf(time->get_string().c_str(), "%d:%d:%d", &hour, &minute, &second) != 3)
    return std::nullopt;
  clock_finding finding{hour * 3600 + minute * 60 + second, 0};
  if (const auto* spread = found.own.if_contains("spread_minutes"))
    finding.spread_minutes = spread->is_number() ? spread->to_number<double>() : 0;
  return finding;
}

} // namespace habitd
