#pragma once

#include "actors/detector/duration/record.hpp"
#include "actors/detector/kit/day_set.hpp"

#include <vector>

namespace habitd {

/// Uses of one entity in a window.
struct entity_uses {
  std::vector<std::map<length_bin, std::uint32_t>> by_day; // as day_window::days
  std::uint32_t automated = 0;
};

struct use_window : day_window {
  std::map<entity_number, entity_uses> entities;
};

/// Reads the sealed days of the window that ends with `last`, and joins uses over their ends.
/// @errors what reading gives; ec::corrupt_data naming the day.
expected<use_window> read_use_window(const aggregate_history& history, local_day last);

/// Uses as long as each other, as a stretch of bins.
struct use_mode {
  length_bin begin = 0;
  length_bin width = 0;
  bool holds(length_bin bin) const { return begin <= bin && bin < begin + width; }
  bool operator==(const use_mode&) const = default;
};

/// How often uses were as long as some modes say.
struct use_strength {
  std::uint32_t uses = 0;
  std::uint32_t inside = 0;
  std::uint32_t days = 0; // with a use
  day_set dates = 0;      // with a use inside
  double p = 1;           // that no more of them are than of ordinary uses
};

/// @param share  of ordinary uses, by chance.
use_strength test_modes(const entity_uses& of, const std::vector<use_mode>& modes,
                        double share, day_set among = ~day_set{0});

/// One or two lengths that nearly all uses have; none if there are none, or too few uses to
/// tell. Source: detectors.md E6, "Regular".
std::vector<use_mode> find_modes(const entity_uses& of);

/// Whether so many are too many, or too short, to be of a person's.
bool is_a_machines(const entity_uses& of);

/// Bin below which that share of the uses lies; those of `mode` only, if given.
length_bin length_quantile(const entity_uses& of, double share,
                           const use_mode* mode = nullptr);

} // namespace habitd
