#include "actors/detector/co_occurrence/observe.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace habitd {

namespace {

constexpr std::int32_t short_window = response_windows[0] * 1000; // ms
constexpr std::int32_t long_window = response_windows[1] * 1000;
constexpr std::int64_t bin_length = 300'000; // ms

/// Hubs report what happened at once one after the other, and a light group its members: what
/// lies so close together says nothing of what came first.
constexpr std::int32_t simultaneous = 1000; // ms

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
      : day_{day}, tallies_(2 * day.items.size()), earlier_(2 * day.items.size()) {}

  /// Counts what first follows the activation in `row`, within each window it is a trigger
  /// of; one of the longer window is one of the shorter, too.
  void count_from(std::size_t row, bool is_long);

  /// Counts what came before the activation in `row`, in that window turned round: for the
  /// trigger that was counted last.
  void count_before(std::size_t row, std::size_t kind);

  /// Responses by item, without `self`; starts anew.
  void take(std::size_t self, std::vector<response_count>& found);

private:
  /// What followed, by rank << 1 | automated. A day has at most 1,440 triggers of a minute.
  struct tally {
    std::uint32_t last = 0; // the trigger it last followed
    std::uint16_t hits = 0; // within the longer window
    std::array<std::uint16_t, lag_ends.size()> lags{};
  };

  /// What came before, likewise.
  struct earlier_tally {
    std::array<std::uint32_t, window_kinds> last{};
    std::array<std::uint16_t, window_kinds> triggers{};
  };

  const day_columns& day_;
  std::vector<tally> tallies_;
  std::vector<earlier_tally> earlier_;
  std::uint32_t trigger_ = 0;
};

void response_counter::count_from(std::size_t row, bool is_long) {
  const auto start = day_.at[row];
  const auto rows = day_.at.size();
  const auto* at = day_.at.data();
  const auto* what = day_.what.data();
  const auto trigger = ++trigger_;
  while (row < rows && at[row] <= start + simultaneous)
    ++row;
  const auto bins = is_long ? lag_ends.size() : short_lags;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const auto end = start + lag_ends[bin] * 1000;
    for (; row < rows && at[row] <= end; ++row) {
      // No branches: whether an item comes first is anyone's guess.
      auto& of = tallies_[what[row]];
      const bool is_first = of.last != trigger;
      of.last = trigger;
      of.lags[bin] = static_cast<std::uint16_t>(of.lags[bin] + is_first);
      of.hits = static_cast<std::uint16_t>(of.hits + (is_first & is_long));
    }
  }
}

void response_counter::count_before(std::size_t row, std::size_t kind) {
  const auto start = day_.at[row];
  const auto from = start - 1000 * response_windows[kind];
  const auto* at = day_.at.data();
  const auto* what = day_.what.data();
  while (row > 0 && at[row - 1] >= start - simultaneous)
    --row;
  for (; row > 0 && at[row - 1] >= from; --row) {
    auto& of = earlier_[what[row - 1]];
    const bool is_first = of.last[kind] != trigger_;
    of.last[kind] = trigger_;
    of.triggers[kind] = static_cast<std::uint16_t>(of.triggers[kind] + is_first);
  }
}

void response_counter::take(std::size_t self, std::vector<response_count>& found) {
  found.clear();
  for (std::size_t rank = 0; rank < day_.items.size(); ++rank) {
    auto& by_hand = tallies_[2 * rank];
    auto& automated = tallies_[2 * rank + 1];
    auto& earlier = earlier_[2 * rank];
    if (rank != self && (by_hand.last > 0 || automated.hits > 0 ||
                         earlier.last != std::array<std::uint32_t, window_kinds>{})) {
      auto& of = found.emplace_back();
      of.item = day_.items[rank];
      of.automated = automated.hits;
      of.hits[1] = by_hand.hits;
      of.before = {earlier.triggers[0], earlier.triggers[1]};
      for (std::size_t bin = 0; bin < of.lags.size(); ++bin)
        of.lags[bin] = by_hand.lags[bin];
      of.hits[0] = std::accumulate(of.lags.begin(), of.lags.begin() + short_lags, 0u);
    }
    by_hand = automated = {};
    earlier = earlier_[2 * rank + 1] = {};
  }
  trigger_ = 0;
}

/// Adds the milliseconds before an activation in which it was to come: `[end - length, end)`
/// of local wall time, by bin.
void cover(std::array<std::int64_t, bins_per_day>& bins, std::int64_t end,
           std::int64_t length) {
  auto from = std::max<std::int64_t>(end - length, 0);
  while (from < end) {
    const auto bin = std::min<std::int64_t>(from / bin_length, bins_per_day - 1);
    const auto until = bin == bins_per_day - 1 ? end : (bin + 1) * bin_length;
    const auto part = std::min(end, until) - from;
    bins[static_cast<std::size_t>(bin)] += part;
    from += part;
  }
}

void fill_bins(const day_columns& day, const std::vector<std::uint32_t>& turns,
               trigger_row& row) {
  for (std::size_t w = 0; w < window_kinds; ++w) {
    const std::int64_t window = std::int64_t{1000} * response_windows[w];
    std::array<std::int64_t, bins_per_day> covered{};
    std::int64_t previous = std::numeric_limits<std::int32_t>::min();
    for (const auto i : turns) {
      const auto gap = day.at[i] - previous;
      if (gap > window)
        ++row.triggers[w][day.bin[i]];
      // The day's start isn't known in wall time, but its bins are.
      const auto wall = day.bin[i] * bin_length + day.at[i] % bin_length;
      cover(covered, wall, std::min(gap, window));
      previous = day.at[i];
    }
    for (std::size_t bin = 0; bin < covered.size(); ++bin)
      row.cover[w][bin] = static_cast<std::uint32_t>((covered[bin] + 500) / 1000);
  }
}

} // namespace

namespace {

/// Where to count from what came before the run of activations that begins with `first`: its
/// beginning or, if it is longer than the window, its end. Whoever is present sets a sensor
/// off again and again, and does all else in between: nothing comes before the first time.
std::size_t row_to_look_back_from(const day_columns& day,
                                  const std::vector<std::uint32_t>& turns,
                                  std::size_t first, std::size_t kind) {
  const auto window = 1000 * response_windows[kind];
  auto last = first;
  while (last + 1 < turns.size() &&
         day.at[turns[last + 1]] - day.at[turns[last]] <= window)
    ++last;
  return day.at[turns[last]] - day.at[turns[first]] > window ? turns[last] : turns[first];
}

} // namespace

std::vector<aggregate_part> observe_co_occurrence(const home_day& day) {
  const day_columns columns{day};
  response_counter counter{columns};
  std::vector<aggregate_part> parts;
  trigger_row row; // its memory is used again
  for (std::size_t rank = 0; rank < columns.items.size(); ++rank) {
    const auto& turns = columns.turns[rank];
    if (turns.empty())
      continue;
    row.triggers = row.cover = {};
    fill_bins(columns, turns, row);
    std::int64_t previous = std::numeric_limits<std::int32_t>::min();
    for (std::size_t n = 0; n < turns.size(); ++n) {
      const auto gap = columns.at[turns[n]] - previous;
      previous = columns.at[turns[n]];
      if (gap <= short_window)
        continue;
      counter.count_from(turns[n], gap > long_window);
      counter.count_before(row_to_look_back_from(columns, turns, n, 0), 0);
      if (gap > long_window)
        counter.count_before(row_to_look_back_from(columns, turns, n, 1), 1);
    }
    counter.take(rank, row.responses);
    parts.push_back({columns.items[rank], pack(row)});
  }
  return parts;
}

} // namespace habitd
