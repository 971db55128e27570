#pragma once

#include "http/server.hpp"
#include "tools/habitd/admin_routes.hpp"

#include <caf/actor.hpp>

#include <csignal>

namespace habitd {

/// Blocks the signals that end the process, for this thread and those it starts. Call it
/// before anything starts threads.
void block_stop_signals();

/// Why `wait_for_stop` returned.
struct stop_reason {
  int signal = 0; // 0 if an actor gave up
  error gave_up;
};

/// Waits for SIGTERM, SIGINT, or one of the supervisors to give up.
stop_reason wait_for_stop(caf::actor_system& system,
                          const std::vector<caf::actor>& supervisors);

} // namespace habitd
