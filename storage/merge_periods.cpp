#include "storage/merge_periods.hpp"

#include <map>

namespace habitd {

error stage_merged(batch& changes, aggregate_store& aggregates,
                   const detector_period& one, const std::vector<local_day>& days,
                   const merge_parts& merge) {
  std::map<std::uint32_t, std::string> sums;
  days_merged merged = 0;
  const auto first = first_day_of(one.of);
  for (const auto day : days) {
    error failed;
    const auto unread = aggregates.scan_day(
      one.detector, day, [&](std::uint32_t part, std::string_view bytes) {
        const auto [sum, is_first] = sums.try_emplace(part, bytes);
        if (is_first)
          return true;
        auto joined = merge(part, sum->second, bytes);
        if (joined)
          sum->second = std::move(*joined);
        else
          failed = joined.error();
        return !failed;
      });
    if (unread || failed)
      return unread ? unread : failed;
    merged |= days_merged{1} << (day - first);
  }
  std::vector<aggregate_part> parts;
  parts.reserve(sums.size());
  for (auto& [part, bytes] : sums)
    parts.push_back({part, std::move(bytes)});
  aggregates.put_merged(changes, one, std::move(parts), merged);
  return {};
}

} // namespace habitd
