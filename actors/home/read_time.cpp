#include "actors/home/read_time.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace habitd {

namespace {

constexpr std::int64_t ms_per_day = 86'400'000;

/// Walks a text from the left; `ok` turns false at the first thing that isn't there.
struct scanner {
  const char* at;
  const char* end;
  bool ok = true;

  explicit scanner(std::string_view text)
      : at{text.data()}, end{text.data() + text.size()} {}

  bool done() const { return at == end; }
  char peek() const { return at == end ? '\0' : *at; }

  bool skip(char c) {
    if (peek() != c || at == end)
      return false;
    ++at;
    return true;
  }

  /// Exactly `count` digits.
  int digits(int count) {
    int value = 0;
    for (; count > 0; --count, ++at) {
      if (at == end || *at < '0' || *at > '9') {
        ok = false;
        return 0;
      }
      value = value * 10 + (*at - '0');
    }
    return value;
  }
};

/// Days since 1970-01-01 of a proleptic Gregorian date. Source: H. Hinnant, "chrono-
/// Compatible Low-Level Date Algorithms", days_from_civil.
std::optional<std::int32_t> days_of(int year, int month, int day) {
  constexpr std::array lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1)
    return std::nullopt;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day > lengths[static_cast<std::size_t>(month - 1)] + (month == 2 && leap))
    return std::nullopt;
  const int y = year - (month <= 2);
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era =
    year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

std::optional<std::int32_t> scan_time_of_day(scanner& in) {
  const int hour = in.digits(2);
  if (!in.skip(':'))
    return std::nullopt;
  const int minute = in.digits(2);
  int second = 0;
  int ms = 0;
  if (in.ok && in.skip(':')) {
    second = in.digits(2);
    if (in.peek() == '.' || in.peek() == ',') {
      ++in.at;
      int weight = 100;
      bool any = false;
      for (; in.peek() >= '0' && in.peek() <= '9'; ++in.at, weight /= 10, any = true)
        ms += (*in.at - '0') * weight;
      in.ok = in.ok && any;
    }
  }
  // 60 is a leap second: the first of the next minute, as Unix time counts it.
  if (!in.ok || hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  return ((hour * 60 + minute) * 60 + second) * 1000 + ms;
}

/// "Z", "+01:00", "+0100", "+01" or nothing. @returns ms east of UTC.
std::optional<std::int64_t> scan_offset(scanner& in) {
  if (in.skip('Z') || in.skip('z'))
    return 0;
  const bool west = in.peek() == '-';
  if (!in.skip('+') && !in.skip('-'))
    return std::nullopt;
  const int hours = in.digits(2);
  int minutes = 0;
  if (in.skip(':') || !in.done())
    minutes = in.digits(2);
  if (!in.ok || hours > 23 || minutes > 59)
    return std::nullopt;
  const std::int64_t ms = (hours * 60 + minutes) * 60'000;
  return west ? -ms : ms;
}

/// The time after a date, up to the end of the text.
std::optional<time_reading> finish(scanner& in, std::optional<std::int32_t> days) {
  if (!in.ok || !days || (!in.skip('T') && !in.skip(' ') && !in.skip('t')))
    return std::nullopt;
  const auto since_midnight = scan_time_of_day(in);
  if (!since_midnight)
    return std::nullopt;
  time_reading reading{*days * ms_per_day + *since_midnight, true};
  in.skip(' '); // "2026-11-22 07:05:00 +0100"
  if (in.done())
    return reading;
  const auto offset = scan_offset(in);
  if (!offset || !in.done())
    return std::nullopt;
  return time_reading{reading.ms - *offset, false};
}

std::optional<time_reading> read_named_month(std::string_view text) {
  constexpr std::string_view names = "janfebmaraprmayjunjulaugsepoctnovdec";
  scanner in{text};
  const int day = in.digits(text[1] == '-' ? 1 : 2);
  if (!in.ok || !in.skip('-') || in.end - in.at < 4)
    return std::nullopt;
  char month[3];
  for (char& c : month)
    c = static_cast<char>(*in.at++ | 0x20);
  const auto found = names.find(std::string_view{month, 3});
  if (found == std::string_view::npos || found % 3 != 0 || !in.skip('-'))
    return std::nullopt;
  const int year = in.digits(4);
  return finish(in, days_of(year, static_cast<int>(found / 3) + 1, day));
}

/// Which unit is meant shows in the size: 1e11 s is the year 5138, 1e11 ms is 1973.
std::optional<time_reading> read_unix(std::string_view text) {
  const char* const end = text.data() + text.size();
  std::int64_t whole = 0;
  const auto [next, failed] = std::from_chars(text.data(), end, whole);
  if (failed != std::errc{} || text.size() > 19)
    return std::nullopt;
  if (next == end) {
    const auto size = std::abs(whole);
    return time_reading{size >= 100'000'000'000'000'000 ? whole / 1'000'000
                        : size >= 100'000'000'000'000   ? whole / 1'000
                        : size >= 100'000'000'000       ? whole
                                                        : whole * 1'000};
  }
  double seconds = 0;
  const auto [stop, wrong] = std::from_chars(text.data(), end, seconds);
  if (wrong != std::errc{} || stop != end || !(std::abs(seconds) < 1e14))
    return std::nullopt;
  if (std::abs(seconds) >= 1e11)
    return time_reading{static_cast<std::int64_t>(seconds)};
  return time_reading{from_unix_seconds(seconds).time_since_epoch().count()};
}

} // namespace

std::optional<time_reading> read_time(std::string_view text) {
  if (text.size() >= 16 && text[4] == '-') {
    scanner in{text};
    const int year = in.digits(4);
    in.skip('-');
    const int month = in.digits(2);
    if (!in.skip('-'))
      return std::nullopt;
    const int day = in.digits(2);
    return finish(in, days_of(year, month, day));
  }
  if (text.size() >= 16 && (text[2] == '-' || text[1] == '-'))
    return read_named_month(text);
  return read_unix(text);
}

std::optional<std::int32_t> read_date(std::string_view text) {
  scanner in{text};
  const int year = in.digits(4);
  const char separator = in.peek();
  if (separator != '-' && separator != '.' && separator != '/')
    return std::nullopt;
  in.skip(separator);
  const int month = in.digits(2);
  if (!in.skip(separator))
    return std::nullopt;
  const int day = in.digits(2);
  if (separator == '.')
    in.skip('.'); // Hungarian dates end in a dot
  if (!in.ok || !in.done())
    return std::nullopt;
  return days_of(year, month, day);
}

std::optional<std::int32_t> read_time_of_day(std::string_view text) {
  scanner in{text};
  const auto result = scan_time_of_day(in);
  return in.done() ? result : std::nullopt;
}

wall_time from_unix_seconds(double seconds) {
  const auto us = static_cast<std::int64_t>(std::llround(seconds * 1e6));
  return wall_time{
    std::chrono::floor<std::chrono::milliseconds>(std::chrono::microseconds{us})};
}

bool in_range(wall_time at) {
  constexpr std::int64_t in_1980 = 315'532'800'000;
  constexpr std::int64_t in_2100 = 4'102'444'800'000;
  const auto ms = at.time_since_epoch().count();
  return ms >= in_1980 && ms < in_2100;
}

wall_time local_times::instant(std::int64_t local_ms) {
  constexpr std::int64_t quarter_ms = 900'000; // offsets change at quarters of an hour
  const auto exact = [this](std::int64_t ms) {
    const auto days = (ms - (ms < 0 ? ms_per_day - 1 : 0)) / ms_per_day;
    const auto rest = std::chrono::milliseconds{ms - days * ms_per_day};
    const auto whole = std::chrono::floor<std::chrono::seconds>(rest);
    return calendar_->instant({static_cast<std::int32_t>(days)}, whole) + (rest - whole);
  };
  const auto quarter = local_ms / quarter_ms;
  if (quarter != quarter_) {
    quarter_ = quarter;
    const auto begin = exact(quarter * quarter_ms);
    const auto last = exact(quarter * quarter_ms + quarter_ms - 1);
    shift_ = begin.time_since_epoch().count() - quarter * quarter_ms;
    even_ =
      last.time_since_epoch().count() - (quarter * quarter_ms + quarter_ms - 1) == shift_;
  }
  return even_ ? wall_time{std::chrono::milliseconds{local_ms + shift_}}
               : exact(local_ms);
}

} // namespace habitd
