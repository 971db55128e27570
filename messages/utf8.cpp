#include "messages/utf8.hpp"

#include <cstdint>

namespace habitd {

namespace {

/// Bytes of the character at the beginning of `text`, 0 if none begins there. Source: the
/// Unicode Standard 15.0, table 3-7.
std::size_t character_size(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const auto first = byte(0);
  const auto second = byte(1);
  if (first < 0x80)
    return 1;
  if (first < 0xc2 || first > 0xf4 || !follows(1))
    return 0;
  if (first < 0xe0)
    return 2;
  if (!follows(2) || (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f))
    return 0;
  if (first < 0xf0)
    return 3;
  if (!follows(3) || (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
    return 0;
  return 4;
}

} // namespace

std::size_t character_count(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) {
    const auto size = character_size(text);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return count;
}

std::string valid_utf8(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto size = character_size(text);
    if (size > 0) {
      result += text.substr(0, size);
      text.remove_prefix(size);
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(text.front());
    result += "\\x";
    result += digits[byte >> 4];
    result += digits[byte & 15];
    text.remove_prefix(1);
  }
  return result;
}

} // namespace habitd
