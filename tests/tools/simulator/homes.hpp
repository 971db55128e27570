#pragma once

#include "tools/simulator/simulate.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace habitd::test {

/// A home with nothing in it but what a test adds.
inline simulation_options empty_home() {
  simulation_options options;
  options.time_zone = "UTC";
  options.entities = 10;
  options.events_per_day = 500;
  options.habits = {
    .clock = 0, .shared_clock_pairs = 0, .triggers = 0, .chains = 0, .forks = 0};
  options.distractors = {.noise = 0,
                         .bursty = 0,
                         .reporters = 0,
                         .periodic = 0,
                         .automation_pairs = 0,
                         .timed_automations = 0,
                         .groups = 0,
                         .flaky = 0,
                         .climate = 0,
                         .restarts = 0,
                         .outages = 0};
  options.duplicate_share = 0;
  options.disorder_share = 0;
  return options;
}

inline simulated_home make_home(const simulation_options& options) {
  auto home = simulate_home(options);
  REQUIRE(home);
  return std::move(*home);
}

/// A state row with its texts written out.
struct told_row {
  local_day day;
  wall_time at{};
  wall_time changed{};
  simulated_kind kind = simulated_kind::state;
  std::string entity;
  std::string state;
  std::string old_state; // empty = none
  simulated_context context;
};

/// All state rows for which `wanted` holds, in order.
inline std::vector<told_row> rows_of(
  const simulated_home& home,
  const std::function<bool(const told_row&)>& wanted = [](const auto&) { return true; }) {
  std::vector<told_row> rows;
  const auto failed = home.each_day([&](const simulated_day& day) -> error {
    for (const auto& row : day.rows) {
      if (row.kind != simulated_kind::state && row.kind != simulated_kind::attributes)
        continue;
      told_row told{.day = day.day,
                    .at = row.at,
                    .changed = row.changed,
                    .kind = row.kind,
                    .entity = home.entities()[row.entity].id,
                    .state = day.texts[row.state],
                    .old_state = row.before == previous::known ? day.texts[row.old_state]
                                                               : std::string{},
                    .context = day.contexts[row.context]};
      if (wanted(told))
        rows.push_back(std::move(told));
    }
    return {};
  });
  REQUIRE_FALSE(failed);
  return rows;
}

/// Entries of one entity into its on- or off-class, from the other one.
inline std::vector<told_row> turns_of(const simulated_home& home,
                                      const std::string& entity, turn to) {
  const auto& all = home.entities();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const auto& each) { return each.id == entity; });
  REQUIRE(found != all.end());
  const auto& from = to == turn::on ? found->off : found->on;
  const auto& into = to == turn::on ? found->on : found->off;
  return rows_of(home, [&](const told_row& row) {
    return row.entity == entity && row.state == into && row.old_state == from;
  });
}

} // namespace habitd::test
