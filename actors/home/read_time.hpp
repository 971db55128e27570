#pragma once

#include "actors/runtime/calendar.hpp"
#include "messages/time.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace habitd {

/// A time as a text says it. Without an offset the text gives wall time of the home, and
/// only the home's calendar knows the instant.
struct time_reading {
  std::int64_t ms = 0; // since 1970-01-01 00:00, of UTC or of the wall clock; floored
  bool local = false;
};

/// Reads "2026-11-22T07:05:00.123456+01:00" (also with a space, without seconds, with Z, or
/// with no offset), "22-Nov-2026 07:05:00", and Unix time in seconds, ms, µs or ns (told
/// apart by size), with or without a fraction.
/// @returns nothing if `text` is none of them, or a date or time of day that doesn't exist.
std::optional<time_reading> read_time(std::string_view text);

/// Reads "2020-07-20", "2020.07.20." or "2020/07/20".
/// @returns days since 1970-01-01.
std::optional<std::int32_t> read_date(std::string_view text);

/// Reads "07:05:00.123" or "07:05".
/// @returns ms since midnight.
std::optional<std::int32_t> read_time_of_day(std::string_view text);

/// Unix time in seconds, as recorders and JSON store it, by microseconds: a double can't
/// hold .123 exactly, so flooring it to ms directly would differ from the same time as text.
wall_time from_unix_seconds(double seconds);

/// False before 1980 or after 2100: a clock that was not set, or the wrong unit.
bool in_range(wall_time at);

/// Instants of local times, fast for times near each other.
class local_times {
public:
  explicit local_times(std::shared_ptr<const home_calendar> calendar)
      : calendar_{std::move(calendar)} {}

  /// @param local_ms  of the wall clock, as in `time_reading`; a time that occurs twice is
  ///                  the first, see `home_calendar::instant`.
  wall_time instant(std::int64_t local_ms);

  wall_time instant(time_reading reading) {
    return reading.local ? instant(reading.ms)
                         : wall_time{std::chrono::milliseconds{reading.ms}};
  }

private:
  std::shared_ptr<const home_calendar> calendar_;
  std::int64_t quarter_ = INT64_MIN; // the quarter of an hour that `shift_` holds for
  std::int64_t shift_ = 0;           // wall clock to UTC, ms
  bool even_ = false;                // no change of offset inside the quarter
};

} // namespace habitd
