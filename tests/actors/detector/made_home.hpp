#pragma once

#include "actors/detector/detector.hpp"

#include <random>
#include <string>

namespace habitd {

/// 2026-11-02, a Monday.
constexpr local_day first_monday{20759};

/// A home made of activations, for tests of what detectors find in it.
class made_home {
public:
  explicit made_home(int days, local_day first = first_monday);

  /// @param seconds  since 03:00; outside of the day it is left out.
  void add(int day, double seconds, entity_number entity, turn to = turn::on,
           bool automated = false);

  home_day& day(int index) { return days_.at(static_cast<std::size_t>(index)); }
  int size() const { return static_cast<int>(days_.size()); }

  /// Sorted as readers promise.
  std::vector<home_day> days() const;

private:
  std::vector<home_day> days_;
};

/// Stored aggregates in memory.
struct home_memory {
  std::map<local_day, day_record> days;
  std::map<local_day, std::map<std::uint32_t, std::string>> parts;

  void observe(const detector& with, const home_day& day);
  aggregate_history history() const; // refers to this
};

home_memory remember(const detector& with, const std::vector<home_day>& days);

/// "sensor.e0012" of number 12.
std::string name_of_made(entity_number number);

/// Random numbers that are the same everywhere.
class seeded {
public:
  explicit seeded(std::uint64_t seed) : engine_{seed} {}
  double uniform(); // [0, 1)
  double uniform(double from, double to) { return from + (to - from) * uniform(); }
  double normal(double mean, double sd);
  bool chance(double p) { return uniform() < p; }
  int below(int n) { return static_cast<int>(uniform() * n); }

private:
  std::mt19937_64 engine_;
};

constexpr double hours = 3600;
constexpr double minutes = 60;

} // namespace habitd
