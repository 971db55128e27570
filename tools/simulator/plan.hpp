#pragma once

#include "actors/runtime/calendar.hpp"
#include "tools/simulator/catalogue.hpp"
#include "tools/simulator/truth.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace habitd {

/// Position in `home_plan::entities`.
using entity_index = std::uint32_t;

/// An entity with a clock habit; `truth` is a position in `home_truth::planted`.
struct clock_behaviour {
  entity_index entity = 0;
  std::size_t truth = 0;
};

/// Activations at random through the day.
struct noise_behaviour {
  entity_index entity = 0;
  double per_day = 0;
  double hold_median = 0; // seconds in the on-class
  double hold_sigma = 0.5;
  double min_gap = 0;           // seconds from one to the next; closer ones are left out
  double other_hold_median = 0; // of half of them; 0 = of none
};

/// `target` follows `source`.
struct response_behaviour {
  entity_index source = 0;
  entity_index target = 0;
  std::size_t truth = 0;
  double hold_median = 180; // seconds
};

/// An automation of Home Assistant: switches `target` on, and off again by itself.
struct automation_behaviour {
  std::string id{};
  std::optional<entity_index> source{}; // without one, it runs at `time`
  entity_index target = 0;
  int time = 0; // seconds since local midnight
};

/// An entity that turns on by its own clock.
struct ticking_behaviour {
  entity_index entity = 0;
  double period = 0; // seconds from one report to the next
  double jitter = 0; // share of the period
  double hold = 0;   // seconds in the on-class; 0 = flips at every tick
};

struct group_behaviour {
  entity_index group = 0;
  std::vector<entity_index> members{};
  double per_day = 0;
};

/// Home Assistant is down in `[begin, end)`.
struct downtime {
  wall_time begin{};
  wall_time end{};
  bool crashed = false; // the recorder could not close its run
};

/// What a home consists of and how each part of it behaves, before any day is lived.
struct home_plan {
  home_truth truth{};
  home_calendar calendar{};
  std::vector<simulated_entity> entities{};
  std::vector<clock_behaviour> clocks{};
  std::vector<noise_behaviour> noises{};
  std::vector<response_behaviour> responses{};
  std::vector<automation_behaviour> automations{};
  std::vector<ticking_behaviour> ticking{}; // reporters and periodic entities
  std::vector<ticking_behaviour> numbers{}; // numeric sensors
  std::vector<group_behaviour> groups{};
  std::vector<entity_index> bursty{};
  std::vector<entity_index> flaky{};
  std::vector<entity_index> climates{};
  std::vector<downtime> downtimes{}; // ascending, apart from one another
  std::vector<bool> guests{};        // by day since the first

  const simulation_options& options() const { return truth.options; }
};

/// Draws a home from its options; the same options give the same plan.
/// @errors ec::invalid_input naming the option: an unknown time zone, fewer entities than
///         the habits and distractors take, no days.
expected<home_plan> plan_home(const simulation_options& options);

} // namespace habitd
