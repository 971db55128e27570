#pragma once

#include "actors/detector/kit/day_set.hpp"
#include "actors/detector/kit/habit_book.hpp"

namespace habitd {

/// An item at a time of day.
struct clock_place {
  item_number item = 0;
  std::uint16_t begin = 0;  // first bin
  std::uint16_t width = 0;  // bins
  std::uint32_t centre = 0; // seconds since local midnight
  day_type days = day_type::all;
  bool operator==(const clock_place&) const = default;
};

using clock_habit_record = habit<clock_place>;

void put_place(byte_writer& out, const clock_place& of);
void read_place(byte_reader& in, clock_place& of);

} // namespace habitd
