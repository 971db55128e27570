#pragma once

#include "messages/home_day.hpp"
#include "messages/time.hpp"

#include <cstdint>
#include <vector>

namespace habitd {

/// A set of days of a window: bit i is its i-th day.
using day_set = std::uint64_t;
constexpr int max_window_days = 64;

/// How many days of `days` lie behind the last one of `hits`.
std::uint32_t days_behind(day_set hits, day_set days);

/// The days of the week on which something is a habit.
enum class day_type : std::uint8_t { all, workdays, weekend };

constexpr bool is_of(day_type type, local_day day) {
  return type == day_type::all || (type == day_type::weekend) == (weekday_of(day) >= 5);
}

/// 0 = Monday.
std::vector<int> weekdays_of(day_type type);

/// Whether a pattern of those weekdays is one of that day; none means every day.
bool is_on(const std::vector<int>& weekdays, local_day day);

/// The days that a detector looks back on.
struct day_window {
  std::vector<local_day> days; // ascending, at most 64

  /// The days of a type, observed or not.
  day_set days_of(day_type type) const;
  day_set days_after(local_day day) const;
  day_set all_days() const;
  std::vector<local_day> dates_of(day_set set) const;
};

} // namespace habitd
