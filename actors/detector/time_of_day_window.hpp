#pragma once

#include "actors/detector/detector.hpp"
#include "actors/detector/lifecycle.hpp"

#include <array>
#include <vector>

namespace habitd {

/// A set of days of a window: bit i is its i-th day.
using day_set = std::uint64_t;
constexpr int max_window_days = 64;

/// Days on which an item's episodes began in each bin.
using bin_days = std::array<day_set, bins_per_day>;

/// Widths of the windows that are tested, in bins; multiples of three.
constexpr std::array<int, 3> clock_widths{3, 6, 9};

/// How many windows of `width` bins are compared on each side; a bin apart from it.
constexpr int flank_blocks(int width) {
  return 12 / width;
}

/// Episode starts of the last days, by item and bin.
struct clock_window {
  struct item_bins {
    item_number item = 0;
    bin_days starts{};
    bin_days automated{};
  };

  std::vector<local_day> days;                          // ascending
  std::array<bin_days, clock_widths.size()> eligible{}; // by width, by first bin:
                                                        // window and flanks were observed
  std::vector<item_bins> items;                         // ascending

  /// The days of a type, observed or not.
  day_set days_of(day_type type) const;
  day_set days_after(local_day day) const;
  const item_bins* find(item_number item) const;
};

/// Reads the sealed days of the `days` days that end with `last`; at most 64.
/// @errors what reading gives; ec::corrupt_data naming the day.
expected<clock_window> read_clock_window(const aggregate_history& history, local_day last,
                                         int days = window_days);

} // namespace habitd
