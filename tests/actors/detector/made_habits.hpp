#pragma once

#include "tests/actors/detector/made_home.hpp"

namespace habitd {

/// A habit at a time of day, kept on a share of the days.
struct clock_habit {
  entity_number entity = 1;
  double at = 4 * hours; // since 03:00
  double sd = 6 * minutes;
  double adherence = 0.85;
};

/// Adds it on every day of `home` that `is_on(day)` accepts.
void add_clock_habit(
  made_home& home, const clock_habit& habit, seeded& random,
  const std::function<bool(int)>& is_on = [](int) { return true; });

/// `per_day` activations at any time.
void add_noise(made_home& home, entity_number entity, double per_day, seeded& random);

/// `per_day` activations around 07:30 and 19:30, each within an hour and a half.
void add_diurnal_noise(made_home& home, entity_number entity, double per_day,
                       seeded& random);

/// 25 activations in ten minutes, `per_day` times.
void add_bursts(made_home& home, entity_number entity, double per_day, seeded& random);

/// `per_day` activations of each entity from `first` to `last`, all of them in the same five
/// half hours of a day, which are in the mornings and evenings but differ from day to day.
void add_presence(made_home& home, entity_number first, entity_number last,
                  double per_day, seeded& random);

/// A response to a share of a trigger's activations.
struct made_response {
  entity_number trigger = 1;
  entity_number response = 2;
  double per_day = 5; // triggers
  double chance = 0.6;
  double lag = 15; // seconds, median; log-normal, sigma 0.5
};

/// Triggers by day at any time or, if `is_diurnal`, in the morning and evening.
void add_response(made_home& home, const made_response& of, bool is_diurnal,
                  seeded& random);

} // namespace habitd
