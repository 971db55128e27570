#pragma once

#include "messages/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace habitd {

/// Keys sort as their bytes do, so numbers in them are big-endian.
template <class Unsigned>
void append_big_endian(std::string& to, Unsigned number) {
  for (int shift = 8 * (static_cast<int>(sizeof(Unsigned)) - 1); shift >= 0; shift -= 8)
    to += static_cast<char>(static_cast<std::uint8_t>(number >> shift));
}

/// @param from  holds at least the bytes of the number.
template <class Unsigned>
Unsigned big_endian(std::string_view from) {
  Unsigned number = 0;
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i)
    number = static_cast<Unsigned>((number << 8) | static_cast<std::uint8_t>(from[i]));
  return number;
}

/// Days before 1970 sort before those after it: the sign bit is turned over.
inline void append_day(std::string& to, local_day day) {
  append_big_endian(to, static_cast<std::uint32_t>(day.number) ^ 0x8000'0000U);
}

inline std::string day_key(local_day day) {
  std::string key;
  append_day(key, day);
  return key;
}

/// @param from  begins with the four bytes of a day.
inline local_day read_day(std::string_view from) {
  return {static_cast<std::int32_t>(big_endian<std::uint32_t>(from) ^ 0x8000'0000U)};
}

} // namespace habitd
