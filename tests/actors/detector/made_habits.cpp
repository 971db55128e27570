#include "tests/actors/detector/made_habits.hpp"

#include <array>
#include <cmath>

namespace habitd {

namespace {

/// A whole number with this mean.
int about(double mean, seeded& random) {
  const auto whole = std::floor(mean);
  return static_cast<int>(whole) + random.chance(mean - whole);
}

double diurnal(seeded& random) {
  const double centre = random.chance(0.5) ? 4.5 * hours : 16.5 * hours;
  return random.normal(centre, 90 * minutes);
}

} // namespace

void add_clock_habit(made_home& home, const clock_habit& habit, seeded& random,
                     const std::function<bool(int)>& is_on) {
  for (int day = 0; day < home.size(); ++day)
    if (is_on(day) && random.chance(habit.adherence))
      home.add(day, random.normal(habit.at, habit.sd), habit.entity);
}

void add_noise(made_home& home, entity_number entity, double per_day, seeded& random) {
  for (int day = 0; day < home.size(); ++day)
    for (int n = about(per_day, random); n > 0; --n)
      home.add(day, random.uniform(0, 24 * hours), entity);
}

void add_diurnal_noise(made_home& home, entity_number entity, double per_day,
                       seeded& random) {
  for (int day = 0; day < home.size(); ++day)
    for (int n = about(per_day, random); n > 0; --n)
      home.add(day, diurnal(random), entity);
}

void add_bursts(made_home& home, entity_number entity, double per_day, seeded& random) {
  for (int day = 0; day < home.size(); ++day)
    for (int n = about(per_day, random); n > 0; --n) {
      const double from = random.uniform(0, 23 * hours);
      for (int i = 0; i < 25; ++i)
        home.add(day, from + random.uniform(0, 10 * minutes), entity);
    }
}

void add_presence(made_home& home, entity_number first, entity_number last,
                  double per_day, seeded& random) {
  for (int day = 0; day < home.size(); ++day) {
    std::array<double, 5> busy{};
    for (auto& from : busy)
      from = diurnal(random);
    for (auto entity = first; entity <= last; ++entity)
      for (int n = about(per_day, random); n > 0; --n) {
        const auto from = busy.at(static_cast<std::size_t>(random.below(5)));
        home.add(day, from + random.uniform(0, 30 * minutes), entity);
      }
  }
}

void add_response(made_home& home, const made_response& of, bool is_diurnal,
                  seeded& random) {
  for (int day = 0; day < home.size(); ++day)
    for (int n = about(of.per_day, random); n > 0; --n) {
      const double at = is_diurnal ? diurnal(random) : random.uniform(0, 24 * hours);
      home.add(day, at, of.trigger);
      if (random.chance(of.chance))
        home.add(day, at + of.lag * std::exp(random.normal(0, 0.5)), of.response);
    }
}

} // namespace habitd
