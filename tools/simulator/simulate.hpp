#pragma once

#include "messages/event.hpp"
#include "tools/simulator/plan.hpp"

#include <array>
#include <functional>
#include <vector>

namespace habitd {

using context_id = std::array<std::uint8_t, 16>; // a ULID: 48 bits of time, 80 at random

/// Home Assistant's record of who caused a change (home-assistant notes 2.6).
struct simulated_context {
  context_id id{};
  context_id parent{};
  bool has_parent = false;
  bool by_user = false;   // through the app: carries the home's one user id
  bool automated = false; // of an automation's run, with or without a parent
};

/// What a row of a simulated day stands for.
enum class simulated_kind : std::uint8_t {
  state,      // the state changed
  attributes, // only attributes changed
  automation, // event automation_triggered; `entity` is a position in the automations
  start,      // event homeassistant_start
  started,    // event homeassistant_started
  stop,       // event homeassistant_stop
};

/// One row as Home Assistant would write it. Texts are numbers in the day's pool.
struct simulated_row {
  wall_time at{};
  wall_time changed{}; // last_changed: earlier than `at` for an attribute update
  simulated_kind kind = simulated_kind::state;
  previous before = previous::none;
  entity_index entity = 0;
  std::uint32_t state = 0;
  std::uint32_t old_state = 0;  // only with `previous::known`
  std::uint32_t attributes = 0; // JSON
  std::uint32_t context = 0;    // position in the day's contexts
};

/// One local day of a simulated home.
struct simulated_day {
  local_day day{};
  day_span span{};
  text_pool texts{};
  std::vector<simulated_context> contexts{};
  std::vector<simulated_row> rows{}; // by time
};

/// Sees one day, valid during the call only; an error stops the simulation.
using visit_day = std::function<error(const simulated_day& day)>;

/// A home with known habits (detectors.md E13). The same options give the same home, and
/// the same rows, whenever and wherever it is lived.
class simulated_home {
public:
  explicit simulated_home(home_plan plan) : plan_{std::move(plan)} {}

  const home_plan& plan() const { return plan_; }
  const home_truth& truth() const { return plan_.truth; }
  const std::vector<simulated_entity>& entities() const { return plan_.entities; }

  /// Lives through all days, in order; holds one of them at a time.
  error each_day(const visit_day& visit) const;

private:
  home_plan plan_;
};

/// @errors ec::invalid_input as of `plan_home`.
expected<simulated_home> simulate_home(const simulation_options& options);

/// The rows of a day as a reader of Home Assistant's history would hand them on.
event_page page_of(const simulated_home& home, const simulated_day& day);

} // namespace habitd
