#pragma once

#include "actors/detector/detector.hpp"
#include "actors/detector/kit/day_set.hpp"

#include <array>
#include <vector>

namespace habitd {

/// Days on which an item's episodes began in each bin.
using bin_days = std::array<day_set, bins_per_day>;

/// Widths of the windows that are tested, in bins; multiples of three.
constexpr std::array<int, 3> clock_widths{3, 6, 9};

/// How many windows of `width` bins are compared on each side; a bin apart from it.
constexpr int flank_blocks(int width) {
  return 12 / width;
}

/// Episode starts of the last days, by item and bin.
struct clock_window : day_window {
  struct item_bins {
    item_number item = 0;
    bin_days starts{};
    bin_days automated{};
  };

  std::array<bin_days, clock_widths.size()> eligible{}; // by width, by first bin:
                                                        // window and flanks were observed
  std::vector<item_bins> items;                         // ascending

  const item_bins* find(item_number item) const;
};

/// Reads the sealed days of the `days` days that end with `last`; at most 64.
/// @errors what reading gives; ec::corrupt_data naming the day.
expected<clock_window> read_clock_window(const aggregate_history& history, local_day last,
                                         int days = window_days);

} // namespace habitd
