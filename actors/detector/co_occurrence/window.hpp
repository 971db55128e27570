#pragma once

#include "actors/detector/co_occurrence/row.hpp"
#include "actors/detector/kit/day_set.hpp"

#include <array>
#include <vector>

namespace habitd {

/// Co-occurrences of the last days: bins summed by item, counts left packed by day, so that
/// tens of thousands of pairs a day take a few megabytes and each item is summed in turn.
struct pair_window : day_window {
  struct day_row {
    std::uint8_t day = 0; // into `days`
    std::array<std::uint32_t, window_kinds> triggers{};
    std::string_view bins; // into `bytes`
    std::string_view counts;
  };

  struct item_rows {
    item_number item = 0;
    std::vector<day_row> rows; // by day
    std::array<bin_counts, window_kinds> triggers{};
    std::array<bin_counts, window_kinds> cover{};
    std::array<std::uint32_t, window_kinds> total{}; // triggers
  };

  pair_window() = default;
  pair_window(pair_window&&) = default; // no copies: rows are views into `bytes`
  pair_window& operator=(pair_window&&) = default;

  std::vector<std::array<std::uint16_t, bins_per_day>> exposure; // by day, seconds
  std::vector<std::string> bytes;                                // by day
  std::vector<item_rows> items;                                  // ascending

  /// Seconds observed on those days, by bin.
  bin_counts exposed(day_set among) const;

  /// Its place in `items`, or their number if it isn't there.
  std::size_t place_of(item_number item) const;
};

/// Reads the sealed days of the `days` days that end with `last`; at most 64.
/// @errors what reading gives; ec::corrupt_data naming the day and item.
expected<pair_window> read_pair_window(const aggregate_history& history, local_day last,
                                       int days = window_days);

/// @errors ec::corrupt_data unless `bytes` hold what one day has of `item`.
error verify_day_row(item_number item, std::string_view bytes);

} // namespace habitd
