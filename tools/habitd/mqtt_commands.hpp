#pragma once

#include "actors/mqtt/mqtt_link.hpp"
#include "messages/job_control.hpp"
#include "messages/schedule.hpp"
#include "tools/habitd/log_setup.hpp"

#include <caf/actor_system.hpp>

#include <memory>

namespace habitd {

/// Carries out what somebody on the broker asks for.
/// @param system  outlives what is returned.
carry_out_command mqtt_commands(caf::actor_system& system, job_carrier_actor analysis,
                                scheduler_actor scheduler,
                                std::shared_ptr<log_control> logging);

} // namespace habitd
