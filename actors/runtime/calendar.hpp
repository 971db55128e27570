#pragma once

#include "messages/error.hpp"
#include "messages/time.hpp"
#include "messages/time_text.hpp"

#include <array>
#include <string>
#include <vector>

namespace date {
class time_zone;
}

namespace habitd {

/// The instants that belong to one local day: `[begin, end)`, 23 to 25 hours as a rule.
struct day_span {
  wall_time begin{};
  wall_time end{};
};

/// Wall time of one local day by piece, for converting many instants of it cheaply.
class day_clock {
public:
  day_span span() const { return span_; }

  /// Seconds of local wall time since 03:00, 0 … 86,399; on a 25 h day the repeated hour
  /// gives the same values twice, on a 23 h day some never occur.
  /// @param at  within `span()`.
  int seconds_since_start(wall_time at) const;

private:
  friend class home_calendar;
  struct piece {
    wall_time from{};
    std::int64_t offset = 0; // UTC to local, ms
  };
  day_span span_;
  std::vector<piece> pieces_; // ascending; the first starts at or before the day
};

/// The home's clock between two of its changes.
struct clock_piece {
  std::chrono::seconds offset{}; // what it shows less UTC
  wall_time end{};               // of the change that ends the piece
};

/// Local days of a home. A day runs from 03:00 to 03:00, the quietest hour, so that a late
/// evening belongs to the day that it ends (detectors.md E0).
class home_calendar {
public:
  /// @param zone  IANA name, like "Europe/Berlin"; empty for the system's zone.
  /// @errors      ec::invalid_input naming the zone if tzdb has none such.
  static expected<home_calendar> open(const std::string& zone);

  const std::string& zone_name() const { return name_; }
  local_day day_of(wall_time at) const;
  day_span span_of(local_day day) const { return clock_of(day).span(); }
  day_clock clock_of(local_day day) const;

  /// The instant of a local date and time of day; a time that a change to summer time skips
  /// is the instant of the change, one that occurs twice is the first.
  wall_time instant(local_day date, std::chrono::seconds since_midnight) const;

  clock_piece piece_at(wall_time at) const;

  /// Whether the date, from midnight to midnight, came at all: in Samoa 2011-12-30 did not.
  bool has_date(local_day date) const;

  /// "2026-11-22T07:05:00+01:00".
  std::string format(wall_time at) const;

private:
  const date::time_zone* zone_ = nullptr;
  std::string name_;
};

} // namespace habitd
