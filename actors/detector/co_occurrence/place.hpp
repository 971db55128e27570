#pragma once

#include "actors/detector/kit/habit_book.hpp"

namespace habitd {

/// One item after another.
struct pair_place {
  item_number trigger = 0;
  item_number response = 0;
  std::uint16_t window = 0; // seconds
  bool operator==(const pair_place&) const = default;
};

using pair_habit_record = habit<pair_place>;

void put_place(byte_writer& out, const pair_place& of);
void read_place(byte_reader& in, pair_place& of);

} // namespace habitd
