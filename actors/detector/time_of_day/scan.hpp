#pragma once

#include "actors/detector/time_of_day/window.hpp"

#include <optional>
#include <vector>

namespace habitd {

/// Windows that are tried for one mode, as if each were independent: two windows of one width
/// that overlap by half count as two.
constexpr int clock_windows = 2 * 288 / 3 + 2 * 288 / 6 + 2 * 288 / 9;

/// What a p-value is multiplied with for the spans that were tried (weighted Bonferroni,
/// Genovese, Roeder and Wasserman, Biometrika 93, 2006). Most habits are of every day, so of
/// the error allowed all days get half, workdays and weekends a quarter each.
constexpr double clock_multiplicity(day_type days) {
  return clock_windows * (days == day_type::all ? 2.0 : 4.0);
}

constexpr int max_modes = 4; // times of day one item may have
constexpr int mask_bins = 6; // kept free around a mode that was found

/// A stretch of the day on days of one type.
struct clock_span {
  int begin = 0;         // first bin, 0 … 287
  std::size_t width = 0; // into clock_widths
  day_type days = day_type::all;
  bool operator==(const clock_span&) const = default;
};

/// How an item did in a span.
struct clock_strength {
  std::uint32_t support = 0;   // days with an episode start inside
  std::uint32_t eligible = 0;  // days on which span and flanks were observed
  std::uint32_t automated = 0; // days with an automated start inside
  std::uint32_t flank = 0;     // twice the sum of the busier side's blocks, in days
  double lift = 0; // against the mean block of that side, half a day added to each
  double p = 1;    // that the span is no busier than its neighbourhood; uncorrected
  double centre =
    0; // mean of the first starts, in bins from the day's beginning, 0 … 288
  double spread_minutes = 0; // 10-90 % of the first starts
  day_set dates = 0;
  day_set days = 0; // all that were eligible
};

/// Tests one span on the days of `among`.
clock_strength test_span(const clock_window& window, const bin_days& starts,
                         const bin_days& automated, const clock_span& span,
                         day_set among = ~day_set{0});

/// A mode of one item: a hypothesis that was tested, with the best of its spans.
struct clock_mode {
  item_number item = 0;
  clock_span span;
  clock_strength strength;
  double p = 1; // corrected for the spans that were tried
};

/// Sharp times of day of one item, at most four, the sharpest first; the last is what was
/// tested but isn't sharp. Empty for an item with episodes on fewer than four days.
std::vector<clock_mode> scan_item(const clock_window& window,
                                  const clock_window::item_bins& item);

/// All hypotheses of a window, by item.
std::vector<clock_mode> scan_clock(const clock_window& window);

/// Seconds since local midnight.
int clock_time(double centre);

/// Seconds between two times of day the short way round.
int clock_distance(int a, int b);

} // namespace habitd
