#pragma once

#include "http/server.hpp"
#include "tools/habitd/admin_routes.hpp"

#include <caf/actor.hpp>

#include <csignal>
#include <functional>

namespace habitd {

/// Blocks the signals that end the process or reload its settings, for this thread and those
/// it starts. Call it before anything starts threads.
void block_stop_signals();

/// Why `wait_for_stop` returned.
struct stop_reason {
  int signal = 0; // 0 if an actor gave up
  error gave_up;
};

/// Waits for SIGTERM, SIGINT, or one of the supervisors to end by itself.
/// @param on_reload  called on each SIGHUP, by this thread.
stop_reason wait_for_stop(
  caf::actor_system& system, const std::vector<caf::actor>& supervisors,
  const std::function<void()>& on_reload = [] {});

} // namespace habitd
