#include "actors/detector/co_occurrence_window.hpp"

#include <algorithm>
#include <numeric>

namespace habitd {

namespace {

struct placed_row {
  item_number item = 0;
  std::size_t slots_at = 0; // into the day's bytes
  std::size_t counts_at = 0;
  std::size_t end = 0;
};

error corrupt_pairs(local_day day, item_number item) {
  return make_error(ec::corrupt_data, "co_occurrence, day " + std::to_string(day.number) +
                                        ", item " + std::to_string(item));
}

/// Keeps what the window needs of one day; views are made when its bytes stay in place.
expected<std::vector<placed_row>> read_rows(const aggregate_history& history,
                                            local_day day, std::string& bytes) {
  std::vector<placed_row> rows;
  error damage;
  auto failed = history.scan(day, [&](std::uint32_t part, std::string_view packed) {
    const auto sections = split_day_row(packed);
    if (!sections) {
      damage = corrupt_pairs(day, part);
      return false;
    }
    placed_row row{part, bytes.size(), bytes.size() + sections->slots.size(), 0};
    bytes.append(sections->slots);
    bytes.append(sections->counts);
    row.end = bytes.size();
    rows.push_back(row);
    return true;
  });
  if (failed)
    return failed;
  if (damage)
    return damage;
  bytes.shrink_to_fit();
  return rows;
}

void add_day(std::map<item_number, pair_window::item_rows>& items, std::size_t day,
             std::string_view bytes, const std::vector<placed_row>& rows) {
  for (const auto& row : rows)
    items[row.item].rows.push_back(
      {static_cast<std::uint8_t>(day),
       bytes.substr(row.slots_at, row.counts_at - row.slots_at),
       bytes.substr(row.counts_at, row.end - row.counts_at)});
}

/// Item whose slots don't decode are an error of the first day that has them.
error sum_slots(pair_window& window, pair_window::item_rows& of) {
  trigger_row sum;
  for (const auto& row : of.rows)
    if (!add_slots(row.slots, sum))
      return corrupt_pairs(window.days[row.day], of.item);
  of.triggers = sum.triggers;
  of.cover = sum.cover;
  for (std::size_t w = 0; w < window_kinds; ++w)
    of.total[w] = std::accumulate(of.triggers[w].begin(), of.triggers[w].end(), 0u);
  return {};
}

} // namespace

day_set pair_window::days_after(local_day day) const {
  day_set set = 0;
  for (std::size_t i = 0; i < days.size(); ++i)
    if (days[i] > day)
      set |= day_set{1} << i;
  return set;
}

slot_counts pair_window::exposed(day_set among) const {
  slot_counts seconds{};
  for (std::size_t i = 0; i < days.size(); ++i)
    for (std::size_t slot = 0; slot < seconds.size() && (among >> i & 1); ++slot)
      seconds[slot] += exposure[i][slot];
  return seconds;
}

std::size_t pair_window::place_of(item_number item) const {
  const auto at =
    std::lower_bound(items.begin(), items.end(), item,
                     [](const item_rows& a, item_number b) { return a.item < b; });
  return at != items.end() && at->item == item
           ? static_cast<std::size_t>(at - items.begin())
           : items.size();
}

expected<pair_window> read_pair_window(const aggregate_history& history, local_day last,
                                       int days) {
  pair_window window;
  std::map<item_number, pair_window::item_rows> items;
  const auto first = last - (std::min(days, max_window_days) - 1);
  window.bytes.reserve(max_window_days); // views point into these strings
  for (auto at = history.days.lower_bound(first);
       at != history.days.end() && at->first <= last; ++at) {
    auto rows = read_rows(history, at->first, window.bytes.emplace_back());
    if (!rows)
      return std::move(rows.error());
    add_day(items, window.days.size(), window.bytes.back(), *rows);
    window.days.push_back(at->first);
    window.exposure.push_back(at->second.exposure);
  }
  window.items.reserve(items.size());
  for (auto& [item, of] : items) {
    of.item = item;
    if (auto damage = sum_slots(window, of))
      return damage;
    window.items.push_back(std::move(of));
  }
  return window;
}

} // namespace habitd
