#pragma once

#include "storage/event_store.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

namespace habitd {

// A block is: version byte, CRC-32C of the rest (four bytes, big-endian), then
//   numbers  rows, states, entities, unit of time in ms, bytes of an act
//   states   length and bytes each, in order of first use
//   entities number each, in order of first use
//   columns  one after the other, a value per row unless said otherwise:
//            tags (a byte), act codes (a byte), time since the row before (zigzag),
//            entity, state, then only where a tag or code asks for them: old state, act
//            (big-endian, as many bytes as the largest of the block needs)
// Columns compress better than rows, and zstd finds what little they repeat. All numbers
// are varints.
inline constexpr std::uint8_t block_version = 1;
inline constexpr std::size_t header_size = 5;
inline constexpr std::size_t least_row_size = 5; // tag, act code, time, entity, state

/// How a row tells what was before it; two bits of the tag. Most rows name the state that
/// the entity's row before them left, which then takes no space.
enum class before_code : std::uint8_t { unspecified, none, as_left, given };

constexpr before_code before_in(std::uint8_t tag) {
  return static_cast<before_code>(tag & 3);
}
constexpr row_kind kind_in(std::uint8_t tag) {
  return static_cast<row_kind>((tag >> 2) & 3);
}
constexpr cause by_in(std::uint8_t tag) {
  return static_cast<cause>((tag >> 4) & 3);
}
constexpr std::uint8_t pack_tag(const stored_event& row, before_code before) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(before) |
                                   static_cast<unsigned>(row.kind) << 2 |
                                   static_cast<unsigned>(row.by) << 4);
}

/// CRC-32C.
std::uint32_t checksum_of(std::string_view bytes);

inline constexpr std::uint8_t no_act = 0;
inline constexpr std::uint8_t new_act = 255;

/// Rows of one act are close together: its last few are remembered, and a row of one of
/// them costs a byte, the distance back; any other is written out.
class recent_acts {
public:
  /// 1 … 16, the same for encoder and decoder, or `new_act`.
  std::uint8_t code_of(std::uint64_t act) const {
    for (std::size_t back = 1; back <= acts_.size(); ++back)
      if (at(back) == act)
        return static_cast<std::uint8_t>(back);
    return new_act;
  }
  std::uint64_t at(std::size_t back) const {
    return acts_[(next_ - back) % acts_.size()];
  }
  void push(std::uint64_t act) { acts_[next_++ % acts_.size()] = act; }
  static constexpr std::size_t capacity = 16;

private:
  std::array<std::uint64_t, capacity> acts_{};
  std::size_t next_ = capacity;
};

/// No state yet.
inline constexpr std::uint32_t unseen = std::numeric_limits<std::uint32_t>::max();

} // namespace habitd
