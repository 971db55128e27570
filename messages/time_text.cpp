#include "messages/time_text.hpp"

#include <date/date.h>

#include <array>
#include <charconv>

namespace habitd {

namespace {

/// Reads whole numbers, each followed by the character of `separators` at its place; the
/// last number ends the text.
template <std::size_t Count>
bool read_numbers(std::string_view text, std::string_view separators,
                  std::array<int, Count>& numbers) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < Count; ++i) {
    const auto [next, failed] = std::from_chars(at, end, numbers[i]);
    if (failed != std::errc{} || numbers[i] < 0)
      return false;
    if (i + 1 == Count)
      return next == end;
    if (next == end || *next != separators[i])
      return false;
    at = next + 1;
  }
  return false;
}

} // namespace

std::string format_date(local_day day) {
  return date::format("%F", date::local_days{date::days{day.number}});
}

expected<local_day> parse_date(std::string_view text) {
  std::array<int, 3> parts{};
  if (!read_numbers(text, "--", parts))
    return make_error(ec::invalid_input,
                      "not a date like 2026-11-22: " + std::string{text});
  const auto ymd = date::year{parts[0]} / parts[1] / parts[2];
  if (!ymd.ok())
    return make_error(ec::invalid_input, "no such date: " + std::string{text});
  return local_day{
    static_cast<std::int32_t>(date::local_days{ymd}.time_since_epoch().count())};
}

std::string format_utc(wall_time at) {
  return date::format("%FT%TZ", at);
}

expected<wall_time> parse_utc(std::string_view text) {
  std::array<int, 7> parts{};
  const auto ends_in_z = !text.empty() && text.back() == 'Z';
  if (!ends_in_z || !read_numbers(text.substr(0, text.size() - 1), "--T::.", parts))
    return make_error(ec::invalid_input,
                      "not a time like 2026-11-22T06:05:00.123Z: " + std::string{text});
  const auto day = date::sys_days{date::year{parts[0]} / parts[1] / parts[2]};
  return wall_time{day} + std::chrono::hours{parts[3]} + std::chrono::minutes{parts[4]} +
         std::chrono::seconds{parts[5]} + std::chrono::milliseconds{parts[6]};
}

} // namespace habitd
