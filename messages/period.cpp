#include "messages/period.hpp"

#include <date/date.h>

namespace habitd {

namespace {

constexpr int days_per_week = 7;
constexpr std::int32_t first_monday = -3; // 1969-12-29
constexpr int months_per_year = 12;

date::year_month month_of(std::int32_t number) {
  return date::year{1970} / date::January + date::months{number};
}

local_day first_of(std::int32_t month) {
  const date::local_days begin{month_of(month) / 1};
  return {static_cast<std::int32_t>(begin.time_since_epoch().count())};
}

} // namespace

period period_of(layer of, local_day day) {
  if (of == layer::week)
    return {of, (day.number - first_monday - weekday_of(day)) / days_per_week};
  if (of == layer::day)
    return {of, day.number};
  const date::year_month_day date{date::local_days{date::days{day.number}}};
  return {of, (static_cast<int>(date.year()) - 1970) * months_per_year +
                static_cast<std::int32_t>(static_cast<unsigned>(date.month())) - 1};
}

period_days days_of(period one) {
  if (one.of == layer::day)
    return {{one.number}, {one.number + 1}};
  if (one.of == layer::month)
    return {first_of(one.number), first_of(one.number + 1)};
  const local_day first{first_monday + one.number * days_per_week};
  return {first, first + days_per_week};
}

} // namespace habitd
