#include "actors/detector/co_occurrence/window.hpp"

#include <algorithm>
#include <numeric>

namespace habitd {

namespace {

/// Seconds observed in each bin. What a slot was observed goes to its bins that were.
std::array<std::uint16_t, bins_per_day> exposure_of(const day_record& day) {
  constexpr std::size_t bins_per_slot = bins_per_day / slots_per_day;
  std::array<std::uint16_t, bins_per_day> seconds{};
  for (std::size_t slot = 0; slot < slots_per_day; ++slot) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < bins_per_slot; ++i)
      seen += day.observed[slot * bins_per_slot + i];
    for (std::size_t i = 0; i < bins_per_slot && seen > 0; ++i)
      if (day.observed[slot * bins_per_slot + i])
        seconds[slot * bins_per_slot + i] =
          static_cast<std::uint16_t>(day.exposure[slot] / seen);
  }
  return seconds;
}

// Far more than a home has, and few enough for a table by item number.
constexpr item_number greatest_item = 1 << 24;

struct placed_row {
  item_number item = 0;
  std::size_t bins_at = 0; // into the day's bytes
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
    if (!sections || part > greatest_item) {
      damage = corrupt_pairs(day, part);
      return false;
    }
    placed_row row{part, bytes.size(), bytes.size() + sections->bins.size(), 0};
    bytes.append(sections->bins);
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
       {},
       bytes.substr(row.bins_at, row.counts_at - row.bins_at),
       bytes.substr(row.counts_at, row.end - row.counts_at)});
}

std::uint32_t total_of(const bin_counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), 0u);
}

error sum_bins(pair_window& window, pair_window::item_rows& of) {
  trigger_row sum;
  for (auto& row : of.rows) {
    const auto before = of.total;
    if (!add_bins(row.bins, sum))
      return corrupt_pairs(window.days[row.day], of.item);
    for (std::size_t w = 0; w < window_kinds; ++w) {
      of.total[w] = total_of(sum.triggers[w]);
      row.triggers[w] = of.total[w] - before[w];
    }
  }
  of.triggers = sum.triggers;
  of.cover = sum.cover;
  return {};
}

} // namespace

bin_counts pair_window::exposed(day_set among) const {
  bin_counts seconds{};
  for (std::size_t i = 0; i < days.size(); ++i)
    for (std::size_t bin = 0; bin < seconds.size() && (among >> i & 1); ++bin)
      seconds[bin] += exposure[i][bin];
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
    window.exposure.push_back(exposure_of(at->second));
  }
  window.items.reserve(items.size());
  for (auto& [item, of] : items) {
    of.item = item;
    if (auto damage = sum_bins(window, of))
      return damage;
    window.items.push_back(std::move(of));
  }
  return window;
}

error verify_day_row(item_number item, std::string_view bytes) {
  const auto row = unpack_row(bytes);
  if (!row)
    return row.error();
  if (row->days != 1 || item > greatest_item)
    return make_error(ec::corrupt_data, "not one day of one item");
  return {};
}

} // namespace habitd
