#include "actors/home/turns.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace habitd {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds echo_window = std::chrono::seconds{2};
constexpr std::size_t fewest_periodic = 20;

/// Turns of one act, the same way, within the window of the first.
struct echo_group {
  wall_time begin{};
  std::vector<std::size_t> turns;
};

bool is_regular(const std::vector<wall_time>& times) {
  if (times.size() < fewest_periodic)
    return false;
  std::vector<milliseconds> gaps;
  for (std::size_t i = 1; i < times.size(); ++i)
    gaps.push_back(times[i] - times[i - 1]);
  std::ranges::sort(gaps);
  const auto last = gaps.size() - 1;
  const auto low = gaps[last / 10];
  const auto high = gaps[last - last / 10];
  return (high - low) * 20 < gaps[gaps.size() / 2];
}

} // namespace

std::uint64_t drop_echoes(std::vector<entity_turn>& turns) {
  std::map<std::tuple<std::uint64_t, turn>, echo_group> open;
  std::vector<bool> dropped(turns.size());
  const auto close = [&](echo_group& group) {
    std::uint32_t first = UINT32_MAX;
    for (const auto i : group.turns)
      first = std::min(first, turns[i].entity);
    for (const auto i : group.turns)
      dropped[i] = turns[i].entity != first;
    group.turns.clear();
  };
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const auto& found = turns[i];
    if (found.act == 0 || found.automated)
      continue;
    auto& group = open[{found.act, found.to}];
    if (!group.turns.empty() && found.at - group.begin > echo_window)
      close(group);
    if (group.turns.empty())
      group.begin = found.at;
    group.turns.push_back(i);
  }
  for (auto& [act, group] : open)
    close(group);
  std::size_t i = 0;
  return std::erase_if(turns, [&](const entity_turn&) { return dropped[i++]; });
}

std::uint64_t drop_periodic(std::vector<entity_turn>& turns) {
  std::map<std::tuple<std::uint32_t, turn>, std::vector<wall_time>> times;
  for (const auto& found : turns)
    times[{found.entity, found.to}].push_back(found.at);
  std::set<std::uint32_t> periodic;
  for (const auto& [item, when] : times)
    if (is_regular(when))
      periodic.insert(std::get<0>(item));
  return std::erase_if(
    turns, [&](const entity_turn& found) { return periodic.contains(found.entity); });
}

} // namespace habitd
