#include "redrawn_lengths.hpp"

#include <algorithm>
#include <map>
#include <random>

namespace habitd::quality {

namespace {

/// A use by the places of its turns in their day's activations.
struct use {
  std::size_t day = 0;
  std::size_t on = 0;
  std::size_t off = 0;
  std::int32_t room = 0; // ms until the entity is turned on again, or the day ends
};

std::vector<use> uses_of(const std::vector<home_day>& days) {
  std::vector<use> uses;
  for (std::size_t d = 0; d < days.size(); ++d) {
    const auto& seen = days[d].activations;
    std::map<entity_number, std::size_t> began;
    std::map<entity_number, std::size_t> ended; // into uses
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const auto entity = entity_of(seen[i].item);
      if (turn_of(seen[i].item) == turn::on) {
        if (const auto last = ended.find(entity); last != ended.end())
          uses[last->second].room = seen[i].at - seen[uses[last->second].on].at;
        began[entity] = i;
      } else if (const auto from = began.find(entity); from != began.end()) {
        ended[entity] = uses.size();
        uses.push_back({d, from->second, i, 86'000'000 - seen[from->second].at});
        began.erase(from);
      }
    }
  }
  return uses;
}

} // namespace

std::vector<home_day> redraw_lengths(std::vector<home_day> days, const home_calendar&,
                                     std::uint64_t seed) {
  const auto uses = uses_of(days);
  std::vector<std::int32_t> lengths;
  for (const auto& each : uses) {
    const auto& seen = days[each.day].activations;
    lengths.push_back(seen[each.off].at - seen[each.on].at);
  }
  std::mt19937_64 random{seed};
  for (auto i = lengths.size(); i > 1; --i)
    std::swap(lengths[i - 1], lengths[random() % i]);
  for (std::size_t i = 0; i < uses.size(); ++i) {
    auto& seen = days[uses[i].day].activations;
    const auto& on = seen[uses[i].on];
    const auto length = std::min(lengths[i], std::max(uses[i].room - 1000, 1000));
    seen[uses[i].off].at = on.at + length;
    seen[uses[i].off].bin =
      static_cast<std::uint16_t>(std::min(on.bin + length / 300'000, bins_per_day - 1));
  }
  for (auto& day : days)
    std::sort(day.activations.begin(), day.activations.end(),
              [](const activation& a, const activation& b) {
                return std::pair{a.at, a.item} < std::pair{b.at, b.item};
              });
  return days;
}

} // namespace habitd::quality
