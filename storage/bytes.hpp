#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace habitd {

/// Small magnitudes of either sign become small numbers: 0, -1, 1, -2 …
inline std::uint64_t zigzag(std::int64_t number) {
  return (static_cast<std::uint64_t>(number) << 1) ^
         static_cast<std::uint64_t>(number >> 63);
}
inline std::int64_t from_zigzag(std::uint64_t number) {
  return static_cast<std::int64_t>((number >> 1) ^ (0 - (number & 1)));
}

/// Seven bits a byte, the lowest first; one byte up to 127, ten at most.
inline void append_varint(std::string& to, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7)
    to += static_cast<char>(static_cast<std::uint8_t>(number | 0x80));
  to += static_cast<char>(number);
}

/// Takes values off the front of stored bytes. Past the end, or at a number that isn't one,
/// it gives zeros from then on and is no longer `ok`, so it may be asked once at the end.
class stored_bytes {
public:
  explicit stored_bytes(std::string_view bytes)
      : next_{bytes.data()}, end_{bytes.data() + bytes.size()} {}

  bool ok() const { return ok_; }
  bool at_end() const { return next_ == end_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - next_); }

  std::uint8_t byte() {
    return next_ != end_ ? static_cast<std::uint8_t>(*next_++) : fail();
  }

  std::uint64_t varint() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto part = byte();
      number |= static_cast<std::uint64_t>(part & 0x7f) << shift;
      if (part < 0x80)
        return number;
    }
    return fail();
  }

  std::string_view text(std::uint64_t length) {
    if (length > left())
      return fail(), std::string_view{};
    const std::string_view result{next_, static_cast<std::size_t>(length)};
    next_ += length;
    return result;
  }

private:
  std::uint8_t fail() {
    ok_ = false;
    next_ = end_;
    return 0;
  }

  const char* next_;
  const char* end_;
  bool ok_ = true;
};

} // namespace habitd
