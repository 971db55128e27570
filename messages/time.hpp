#pragma once

#include <caf/meta/type_name.hpp>

#include <chrono>
#include <compare>
#include <cstdint>

namespace habitd {

/// An instant, UTC, in milliseconds.
using wall_time = std::chrono::sys_time<std::chrono::milliseconds>;

/// The only source of wall time; `main` owns the real one, tests a manual one.
class wall_clock {
public:
  virtual ~wall_clock() = default;
  virtual wall_time now() const = 0;
};

/// Whether a time is so far ahead that a clock must have erred, and not a little.
inline bool is_ahead(wall_time at, wall_time now) {
  return at > now + std::chrono::hours{24};
}

/// A day of the home's calendar: the local date on which it begins, at 03:00.
struct local_day {
  std::int32_t number = 0; // days since 1970-01-01
  auto operator<=>(const local_day&) const = default;
};

inline local_day operator+(local_day day, int days) {
  return {day.number + days};
}
inline local_day operator-(local_day day, int days) {
  return {day.number - days};
}
inline int operator-(local_day a, local_day b) {
  return a.number - b.number;
}

template <class Inspector>
auto inspect(Inspector& f, local_day& x) {
  return f(caf::meta::type_name("local_day"), x.number);
}

/// 0 = Monday … 6 = Sunday (ISO 8601 order).
constexpr int weekday_of(local_day day) {
  return ((day.number + 3) % 7 + 7) % 7;
}

} // namespace habitd
