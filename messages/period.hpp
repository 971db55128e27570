#pragma once

#include "messages/time.hpp"

#include <compare>
#include <cstdint>

namespace habitd {

/// How long the periods of an aggregate are; never renumber.
enum class layer : std::uint8_t { day = 0, week = 1, month = 2 };

/// A day, a week from Monday to Sunday or a month of the home's calendar. Weeks are counted
/// from the one that holds 1970-01-01, months from January 1970; both may be negative.
struct period {
  layer of = layer::day;
  std::int32_t number = 0;
  auto operator<=>(const period&) const = default;
};

/// The period of a layer that holds `day`.
period period_of(layer of, local_day day);

/// The days of a period: `[first, end)`.
struct period_days {
  local_day first;
  local_day end;
};
period_days days_of(period one);

} // namespace habitd
