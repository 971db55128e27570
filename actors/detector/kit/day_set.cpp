#include "actors/detector/kit/day_set.hpp"

#include <algorithm>
#include <bit>

namespace habitd {

namespace {

template <class Wanted>
day_set where(const std::vector<local_day>& days, Wanted wanted) {
  day_set set = 0;
  for (std::size_t i = 0; i < days.size(); ++i)
    if (wanted(days[i]))
      set |= day_set{1} << i;
  return set;
}

} // namespace

std::uint32_t days_behind(day_set hits, day_set days) {
  const auto last = std::bit_width(hits); // one behind the last hit
  return static_cast<std::uint32_t>(
    std::popcount(last >= max_window_days ? day_set{0} : days >> last));
}

std::vector<int> weekdays_of(day_type type) {
  switch (type) {
  case day_type::workdays:
    return {0, 1, 2, 3, 4};
  case day_type::weekend:
    return {5, 6};
  case day_type::all:
    break;
  }
  return {0, 1, 2, 3, 4, 5, 6};
}

bool is_on(const std::vector<int>& weekdays, local_day day) {
  return weekdays.empty() ||
         std::find(weekdays.begin(), weekdays.end(), weekday_of(day)) != weekdays.end();
}

day_set day_window::days_of(day_type type) const {
  return where(days, [type](local_day day) { return is_of(type, day); });
}

day_set day_window::days_after(local_day day) const {
  return where(days, [day](local_day each) { return each > day; });
}

day_set day_window::all_days() const {
  return where(days, [](local_day) { return true; });
}

std::vector<local_day> day_window::dates_of(day_set set) const {
  std::vector<local_day> dates;
  for (std::size_t i = 0; i < days.size(); ++i)
    if (set >> i & 1)
      dates.push_back(days[i]);
  return dates;
}

} // namespace habitd
