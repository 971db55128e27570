#include "actors/detector/kit/merging.hpp"

namespace habitd {

expected<std::vector<aggregate_part>> merged_parts(const detector& of,
                                                   const aggregate_history& history,
                                                   const std::vector<period>& periods) {
  std::map<std::uint32_t, std::string> sums;
  error damage;
  const auto add = [&](std::uint32_t part, std::string_view bytes) {
    const auto known = sums.find(part);
    if (known == sums.end()) {
      sums.emplace(part, bytes);
      return true;
    }
    auto both = of.merge(known->second, bytes);
    if (!both)
      damage = std::move(both.error());
    else
      known->second = std::move(*both);
    return !damage;
  };
  for (const auto& each : periods) {
    if (auto failed = history.scan(each, add))
      return failed;
    if (damage)
      return damage;
  }
  std::vector<aggregate_part> merged;
  for (auto& [part, bytes] : sums)
    merged.push_back({part, std::move(bytes)});
  return merged;
}

} // namespace habitd
