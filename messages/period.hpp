#pragma once

#include "messages/time.hpp"

#include <chrono>

namespace habitd {

/// How long the stretches are that stored aggregates cover.
enum class layer : std::uint8_t { day, week, month };

/// One stretch of a layer. Days are numbered as `local_day`, weeks from Monday to Sunday by the
/// week that 1970-01-01 lies in, months from January 1970.
struct period {
  layer of = layer::day;
  std::int32_t number = 0;

  period() = default;
  period(local_day day) : number{day.number} {} // a day is a period, too
  period(layer which, std::int32_t at) : of{which}, number{at} {}
  auto operator<=>(const period&) const = default;
};

/// The week or month, or the day itself, that a day belongs to.
inline period period_of(local_day day, layer which) {
  if (which == layer::day)
    return day;
  if (which == layer::week) // 1970-01-01 was a Thursday
    return {which, static_cast<std::int32_t>((day.number + 3 - weekday_of(day)) / 7)};
  const std::chrono::year_month_day date{
    std::chrono::sys_days{std::chrono::days{day.number}}};
  return {which, (static_cast<int>(date.year()) - 1970) * 12 +
                   static_cast<int>(static_cast<unsigned>(date.month())) - 1};
}

/// The first day of a period.
inline local_day first_day_of(period which) {
  if (which.of == layer::day)
    return {which.number};
  if (which.of == layer::week)
    return {which.number * 7 - 3};
  const int month = (which.number % 12 + 12) % 12;
  const std::chrono::year year{1970 + (which.number - month) / 12};
  const std::chrono::sys_days first{year / (month + 1) / 1};
  return {static_cast<std::int32_t>(first.time_since_epoch().count())};
}

/// The first day behind a period.
inline local_day end_of(period which) {
  return first_day_of({which.of, which.number + 1});
}

} // namespace habitd
