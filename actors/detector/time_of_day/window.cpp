#include "actors/detector/time_of_day/window.hpp"

#include "actors/detector/time_of_day/record.hpp"

#include <algorithm>

namespace habitd {

namespace {

/// How far a window of `width` bins and its flanks reach beyond its first bin.
constexpr int reach(int width) {
  return 1 + width * flank_blocks(width);
}

void mark_eligible(clock_window& window, const std::bitset<bins_per_day>& observed,
                   day_set day) {
  for (std::size_t w = 0; w < clock_widths.size(); ++w) {
    const int width = clock_widths[w];
    const int needed = width + 2 * reach(width);
    int seen = 0; // observed bins in a row that end with `bin`
    for (int bin = 0; bin < bins_per_day + needed; ++bin) {
      seen = observed[static_cast<std::size_t>(bin % bins_per_day)] ? seen + 1 : 0;
      if (seen < needed)
        continue;
      const int first = bin - reach(width) - width + 1;
      window
        .eligible[w][static_cast<std::size_t>((first + bins_per_day) % bins_per_day)] |=
        day;
    }
  }
}

void mark(bin_days& marks, const std::bitset<bins_per_day>& bins, day_set day) {
  if (bins.none())
    return;
  for (std::size_t bin = 0; bin < bins_per_day; ++bin)
    marks[bin] |= bins[bin] ? day : 0;
}

void mark_starts(std::map<item_number, clock_window::item_bins>& items,
                 const std::vector<item_starts>& seen, day_set day) {
  for (const auto& of : seen) {
    auto& bins = items[of.item];
    mark(bins.starts, of.starts, day);
    mark(bins.automated, of.automated, day);
  }
}

} // namespace

const clock_window::item_bins* clock_window::find(item_number item) const {
  const auto at =
    std::lower_bound(items.begin(), items.end(), item,
                     [](const item_bins& a, item_number b) { return a.item < b; });
  return at != items.end() && at->item == item ? &*at : nullptr;
}

expected<clock_window> read_clock_window(const aggregate_history& history, local_day last,
                                         int days) {
  clock_window window;
  std::map<item_number, clock_window::item_bins> items;
  const auto first = last - (std::min(days, max_window_days) - 1);
  for (auto at = history.days.lower_bound(first);
       at != history.days.end() && at->first <= last; ++at) {
    const auto bit = day_set{1} << window.days.size();
    window.days.push_back(at->first);
    mark_eligible(window, at->second.observed, bit);
    auto bytes = history.part(at->first, 0);
    if (!bytes) {
      if (code_of(bytes.error()) == ec::not_found)
        continue; // nothing happened on that day
      return std::move(bytes.error());
    }
    auto record = unpack_starts(*bytes);
    if (!record)
      return make_error(ec::corrupt_data, "time_of_day, day " +
                                            std::to_string(at->first.number) + ": " +
                                            describe(record.error()));
    for (const auto& [day, seen] : *record)
      if (day == at->first)
        mark_starts(items, seen, bit);
  }
  window.items.reserve(items.size());
  for (auto& [item, bins] : items) {
    bins.item = item;
    window.items.push_back(bins);
  }
  return window;
}

} // namespace habitd
