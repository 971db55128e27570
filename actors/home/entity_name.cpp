#include "actors/home/entity_name.hpp"

#include <algorithm>
#include <charconv>

namespace habitd {

namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_id_part(std::string_view part) {
  return !part.empty() &&
         std::ranges::all_of(part, [](char c) { return is_plain(c) || c == '_'; });
}

} // namespace

bool is_entity_id(std::string_view text) {
  const auto dot = text.find('.');
  return text.size() <= 255 && dot != std::string_view::npos &&
         is_id_part(text.substr(0, dot)) && is_id_part(text.substr(dot + 1));
}

std::string slug(std::string_view text) {
  constexpr char hex[] = "0123456789abcdef";
  std::string result;
  bool gap = false;
  for (const char c : text) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    const auto byte = static_cast<unsigned char>(c);
    if (!is_plain(lower) && byte < 0x80) {
      gap = !result.empty();
      continue;
    }
    if (gap)
      result += '_';
    gap = false;
    if (byte < 0x80)
      result += lower;
    else
      result.append({hex[byte >> 4], hex[byte & 15]});
  }
  return result;
}

bool is_measurement(std::string_view state) {
  double value = 0;
  const char* const end = state.data() + state.size();
  const auto [stop, failed] = std::from_chars(state.data(), end, value);
  return failed == std::errc{} && stop == end && value != 0 && value != 1;
}

std::string entity_id_for(std::string_view name, std::string_view first_state) {
  return (is_measurement(first_state) ? "sensor." : "binary_sensor.") + slug(name);
}

} // namespace habitd
