#pragma once

#include "actors/detector/co_occurrence/window.hpp"

#include <vector>

namespace habitd {

/// How often a response followed its trigger within one window, against chance.
struct pair_strength {
  std::uint32_t hits = 0;
  std::uint32_t triggers = 0;
  std::uint32_t automated = 0;    // triggers that an automated response followed
  std::uint32_t days = 0;         // with a hit
  std::uint32_t trigger_days = 0; // with a trigger
  double expected = 0;            // hits by chance, from the response's cover of each bin
  double dispersion = 1;          // variance of daily hits over that of independent ones
  double p =
    1; // that the rate is at most pair_rules::least_lift times that of chance; uncorrected
  double p_order =
    1; // that it follows at most least_lift times as often as it comes before
  day_set dates = 0;            // with a hit, filled by `test_pair` only
  day_set dates_of_trigger = 0; // likewise
};

/// A hypothesis: an ordered pair at one window.
struct pair_found {
  item_number trigger = 0;
  item_number response = 0;
  std::size_t window = 0; // into response_windows
  pair_strength strength;
  double q = 1;            // 1 for turns of one entity: they only serve to explain others
  bool is_ordered = false; // follows its trigger, and isn't just done at the same time
};

struct pair_scan {
  std::vector<pair_found> found; // those with p <= 0.05, by trigger, response, window
  std::size_t tested = 0;        // hypotheses in all
};

constexpr double least_share =
  0.1; // of the triggers that are answered, Wilson's lower end
constexpr std::uint32_t least_hits = 5;
constexpr std::uint32_t least_hit_days = 4;
constexpr std::uint32_t least_total = 5; // triggers an item needs to be in a hypothesis

/// What makes the test robust against real homes (docs/decisions/0004-dependent-triggers.md);
/// parameters so that the quality table can show what each is worth.
struct pair_rules {
  double least_lift = 1.5;  // a response comes at least so much more often than by chance
  bool is_clustered = true; // hits of one day count as dependent
};

/// Tests every ordered pair of items of different entities that both happened often enough.
/// @errors ec::corrupt_data naming day and item.
expected<pair_scan> scan_pairs(const pair_window& window, const pair_rules& rules = {});

/// Whether it answers often enough to be called a response at all.
bool is_often_enough(const pair_strength& is);

/// Tests one pair on the days of `among`.
pair_strength test_pair(const pair_window& window, item_number trigger,
                        item_number response, std::size_t kind,
                        day_set among = ~day_set{0});

} // namespace habitd
