#include "actors/detector/kit/packing.hpp"

#include <utility>

namespace habitd {

void byte_writer::signed_number(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  number(value < 0 ? ~(bits << 1) : bits << 1);
}

void byte_writer::bytes(std::string_view value) {
  make_room(value.size());
  value.copy(bytes_.data() + used_, value.size());
  used_ += value.size();
}

std::string byte_writer::take() {
  bytes_.resize(std::exchange(used_, 0));
  return std::exchange(bytes_, {});
}

std::uint8_t byte_reader::byte() {
  if (rest_.empty()) {
    fail();
    return 0;
  }
  const auto value = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

std::uint64_t byte_reader::long_number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto next = byte();
    if (failed_)
      return 0;
    if (shift == 63 && next > 1)
      break; // more than 64 bits
    value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
    if (next < 0x80)
      return value;
  }
  fail();
  return 0;
}

std::uint32_t byte_reader::number_up_to(std::uint32_t limit) {
  const auto value = number();
  if (value <= limit)
    return static_cast<std::uint32_t>(value);
  fail();
  return 0;
}

std::int32_t byte_reader::signed_number_within(std::int32_t limit) {
  const auto bits = number();
  const auto half = bits >> 1;
  const auto value = static_cast<std::int64_t>(bits & 1 ? ~half : half);
  if (-limit <= value && value <= limit)
    return static_cast<std::int32_t>(value);
  fail();
  return 0;
}

std::string_view byte_reader::bytes(std::size_t count) {
  if (count > rest_.size()) {
    fail();
    return {};
  }
  const auto value = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return value;
}

void byte_reader::fail() {
  failed_ = true;
  rest_ = {};
}

} // namespace habitd
