#include "actors/detector/co_occurrence_observe.hpp"

#include <algorithm>
#include <limits>

namespace habitd {

namespace {

constexpr std::int32_t short_window = response_windows[0] * 1000; // ms
constexpr std::int32_t long_window = response_windows[1] * 1000;
constexpr std::int32_t slot_length = 15 * 60 * 1000;

/// The bin of a lag of up to 300 seconds, by its full seconds begun.
std::array<std::uint8_t, 301> make_lag_bins() {
  std::array<std::uint8_t, 301> bins{};
  std::uint8_t bin = 0;
  for (int second = 1; second <= 300; ++second) {
    if (second > lag_ends[bin])
      ++bin;
    bins[static_cast<std::size_t>(second)] = bin;
  }
  return bins;
}

std::size_t lag_bin(std::int32_t lag) {
  static const auto bins = make_lag_bins();
  return bins[static_cast<std::size_t>((lag + 999) / 1000)];
}

/// A day's activations in columns, items by their rank among the day's items, so that a
/// scan touches six bytes a row.
struct day_columns {
  explicit day_columns(const home_day& day);

  std::vector<item_number> items; // ascending
  std::vector<std::int32_t> at;
  std::vector<std::uint16_t> bin;
  std::vector<std::uint32_t> what;               // rank << 1 | automated
  std::vector<std::vector<std::uint32_t>> turns; // rows of each item, not automated
};

day_columns::day_columns(const home_day& day) {
  for (const auto& seen : day.activations)
    items.push_back(seen.item);
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  turns.resize(items.size());
  const auto rows = day.activations.size();
  at.reserve(rows);
  bin.reserve(rows);
  what.reserve(rows);
  for (const auto& seen : day.activations) {
    const auto rank =
      std::lower_bound(items.begin(), items.end(), seen.item) - items.begin();
    if (!seen.automated)
      turns[static_cast<std::size_t>(rank)].push_back(
        static_cast<std::uint32_t>(at.size()));
    at.push_back(seen.at);
    bin.push_back(seen.bin);
    what.push_back(static_cast<std::uint32_t>(rank << 1 | (seen.automated ? 1 : 0)));
  }
}

/// Counts the responses to one trigger item; reused for the next.
class response_counter {
public:
  explicit response_counter(const day_columns& day)
      : day_{day}, responses_(day.items.size()), seen_(2 * day.items.size(), 0) {}

  /// Counts what first follows the activation in `row`, within each window it is a trigger
  /// of; one of the longer window is one of the shorter, too.
  void count_from(std::uint32_t row, bool is_long) {
    const auto start = day_.at[row];
    const auto end = start + (is_long ? long_window : short_window);
    ++stamp_;
    for (auto i = std::size_t{row} + 1; i < day_.at.size() && day_.at[i] <= end; ++i) {
      const auto what = day_.what[i];
      if (seen_[what] == stamp_ || day_.at[i] == start)
        continue;
      seen_[what] = stamp_;
      count(what, day_.at[i] - start, is_long);
    }
  }

  /// Responses by item, without `self`; starts anew.
  std::vector<response_count> take(std::size_t self) {
    std::vector<response_count> found;
    for (std::size_t rank = 0; rank < responses_.size(); ++rank) {
      auto& of = responses_[rank];
      if (of.item == 0)
        continue;
      if (rank != self)
        found.push_back(of);
      of = {};
    }
    return found;
  }

private:
  void count(std::uint32_t what, std::int32_t lag, bool is_long) {
    const bool is_automated = what & 1;
    if (is_automated && !is_long)
      return;
    auto& of = responses_[what >> 1];
    of.item = day_.items[what >> 1];
    if (is_automated) {
      ++of.automated;
      return;
    }
    const bool is_soon = lag <= short_window;
    of.hits[0] += is_soon;
    of.hits[1] += is_long;
    ++of.lags[lag_bin(lag)];
  }

  const day_columns& day_;
  std::vector<response_count> responses_; // item 0 where nothing was counted
  std::vector<std::uint64_t> seen_;       // the last trigger that each `what` followed
  std::uint64_t stamp_ = 0;
};

/// Adds the milliseconds before an activation in which it was to come: `[end - length, end)`
/// of local wall time, by slot.
void cover(std::array<std::int64_t, slots_per_day>& slots, std::int64_t end,
           std::int64_t length) {
  auto from = std::max<std::int64_t>(end - length, 0);
  while (from < end) {
    const auto slot = std::min<std::int64_t>(from / slot_length, slots_per_day - 1);
    const auto until = slot == slots_per_day - 1 ? end : (slot + 1) * slot_length;
    const auto part = std::min(end, until) - from;
    slots[static_cast<std::size_t>(slot)] += part;
    from += part;
  }
}

void fill_slots(const day_columns& day, const std::vector<std::uint32_t>& turns,
                trigger_row& row) {
  for (std::size_t w = 0; w < window_kinds; ++w) {
    const std::int64_t window = response_windows[w] * 1000;
    std::array<std::int64_t, slots_per_day> covered{};
    std::int64_t previous = std::numeric_limits<std::int32_t>::min();
    for (const auto i : turns) {
      const auto gap = day.at[i] - previous;
      if (gap > window)
        ++row.triggers[w][day.bin[i] / 3u];
      // The day's start isn't known in wall time, but its bins are.
      const auto wall = day.bin[i] * std::int64_t{300'000} + day.at[i] % 300'000;
      cover(covered, wall, std::min(gap, window));
      previous = day.at[i];
    }
    for (std::size_t slot = 0; slot < covered.size(); ++slot)
      row.cover[w][slot] = static_cast<std::uint32_t>((covered[slot] + 500) / 1000);
  }
}

} // namespace

std::vector<aggregate_part> observe_co_occurrence(const home_day& day) {
  const day_columns columns{day};
  response_counter counter{columns};
  std::vector<aggregate_part> parts;
  for (std::size_t rank = 0; rank < columns.items.size(); ++rank) {
    const auto& turns = columns.turns[rank];
    if (turns.empty())
      continue;
    trigger_row row;
    fill_slots(columns, turns, row);
    std::int64_t previous = std::numeric_limits<std::int32_t>::min();
    for (const auto i : turns) {
      const auto gap = columns.at[i] - previous;
      if (gap > short_window)
        counter.count_from(i, gap > long_window);
      previous = columns.at[i];
    }
    row.responses = counter.take(rank);
    parts.push_back({columns.items[rank], pack(row)});
  }
  return parts;
}

} // namespace habitd
