#include "tests/actors/detector/shuffles.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace habitd {

namespace {

std::vector<entity_number> entities_of(const std::vector<home_day>& days) {
  std::set<entity_number> entities;
  for (const auto& day : days)
    for (const auto& seen : day.activations)
      entities.insert(entity_of(seen.item));
  return {entities.begin(), entities.end()};
}

void sort_rows(home_day& day) {
  std::sort(day.activations.begin(), day.activations.end(),
            [](const activation& a, const activation& b) {
              return std::pair{a.at, a.item} < std::pair{b.at, b.item};
            });
}

} // namespace

std::vector<home_day> rotate_entity_days(const std::vector<home_day>& days,
                                         seeded& random) {
  constexpr std::int32_t day_length = 86'400'000;
  auto shuffled = days;
  for (auto& day : shuffled) {
    std::map<entity_number, std::int32_t> offsets;
    for (const auto entity : entities_of({day}))
      offsets[entity] = static_cast<std::int32_t>(random.uniform() * day_length);
    for (auto& seen : day.activations) {
      seen.at = (seen.at + offsets[entity_of(seen.item)]) % day_length;
      seen.bin = static_cast<std::uint16_t>(seen.at / 300'000);
    }
    sort_rows(day);
  }
  return shuffled;
}

std::vector<home_day> permute_entity_days(const std::vector<home_day>& days,
                                          seeded& random) {
  auto shuffled = days;
  for (auto& day : shuffled)
    day.activations.clear();
  for (const auto entity : entities_of(days)) {
    std::vector<std::size_t> to(days.size());
    std::iota(to.begin(), to.end(), std::size_t{0});
    for (auto i = to.size(); i > 1; --i)
      std::swap(to[i - 1],
                to[static_cast<std::size_t>(random.below(static_cast<int>(i)))]);
    for (std::size_t i = 0; i < days.size(); ++i)
      for (const auto& seen : days[i].activations)
        if (entity_of(seen.item) == entity)
          shuffled[to[i]].activations.push_back(seen);
  }
  for (auto& day : shuffled)
    sort_rows(day);
  return shuffled;
}

} // namespace habitd
