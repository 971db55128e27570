#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace habitd {

/// Appends numbers in few bytes: seven bits each, the lowest first (LEB128).
class byte_writer {
public:
  void byte(std::uint8_t value) {
    make_room(1);
    put(value);
  }
  void number(std::uint64_t value) {
    make_room(10);
    for (; value >= 0x80; value >>= 7)
      put(static_cast<std::uint8_t>(value | 0x80));
    put(static_cast<std::uint8_t>(value));
  }
  void signed_number(std::int64_t value); // small when near zero, either side
  void bytes(std::string_view value);

  std::size_t size() const { return used_; }
  std::string take();

private:
  void make_room(std::size_t more) {
    if (bytes_.size() - used_ < more)
      bytes_.resize(2 * bytes_.size() + more + 16);
  }
  void put(std::uint8_t value) { bytes_[used_++] = static_cast<char>(value); }

  std::string bytes_; // longer than what is used: push_back costs more than all the rest
  std::size_t used_ = 0;
};

/// Reads what `byte_writer` wrote. Never reads beyond the end: the first thing that does not
/// decode makes it `failed()`, and everything read from then on is zero or empty.
class byte_reader {
public:
  explicit byte_reader(std::string_view bytes) : rest_{bytes} {}

  std::uint8_t byte();

  std::uint64_t number() {
    if (!rest_.empty() && static_cast<unsigned char>(rest_.front()) < 0x80) {
      const auto value = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      return value;
    }
    return long_number();
  }

  /// A number of at most `limit`; a greater one fails.
  std::uint32_t number_up_to(std::uint32_t limit);

  /// A signed number from -limit to limit; any other fails.
  std::int32_t signed_number_within(std::int32_t limit);
  std::string_view bytes(std::size_t count);

  bool failed() const { return failed_; }
  std::size_t left() const { return rest_.size(); }

  /// Everything decoded, and nothing is left over.
  bool finished() const { return !failed_ && rest_.empty(); }

private:
  std::uint64_t long_number();
  void fail();

  std::string_view rest_;
  bool failed_ = false;
};

} // namespace habitd
