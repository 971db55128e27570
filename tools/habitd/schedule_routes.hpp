#pragma once

#include "http/message.hpp"
#include "messages/schedule.hpp"

#include <caf/actor_system.hpp>

#include <vector>

namespace habitd {

/// What is to run when, and running a job now.
/// @param system  outlives the server.
std::vector<route> schedule_routes(caf::actor_system& system,
                                   const scheduler_actor& scheduler);

} // namespace habitd
