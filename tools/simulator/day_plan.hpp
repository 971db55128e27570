#pragma once

#include "tools/simulator/simulate.hpp"

#include <optional>
#include <vector>

namespace habitd {

/// Something about to happen in a simulated home.
struct intent {
  enum class act : std::uint8_t {
    turn_on,
    turn_off,
    flip,
    report,    // a number takes its next value
    attribute, // an attribute changes, the state doesn't
    run,       // an automation runs; `entity` is a position in the automations
    lose,      // the device can't be reached from here on …
    regain,    // … and is back
    stop,      // of Home Assistant, or its crash
    start,
    started,
    announce, // after a start, the entity appears as unavailable …
    restore,  // … and then with its state
  };

  wall_time at{};
  std::uint64_t order = 0; // among those at the same time
  act what = act::turn_on;
  bool planned = false; // a habit of its own, which noise makes room for
  bool by_user = false; // through the app
  bool crashed = false; // with `stop`
  entity_index entity = 0;
  std::uint32_t serial = 0; // with `turn_off`: which time on it ends; 0 = any
  std::int64_t hold = 0;    // with `turn_on`: ms until it goes off; 0 = until told
  std::optional<simulated_context> context{}; // none: one of its own
};

/// When each clocked entity is due next, from one day to the following.
struct tick_state {
  std::vector<wall_time> ticking{}; // by home_plan::ticking
  std::vector<wall_time> numbers{}; // by home_plan::numbers
};

/// Everything that happens on a day of its own accord, in no order; a few may lie beyond its
/// end. What follows from it, such as responses, is left to the world.
std::vector<intent> plan_day(const home_plan& plan, local_day day, tick_state& ticks);

} // namespace habitd
