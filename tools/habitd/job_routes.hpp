#pragma once

#include "http/message.hpp"
#include "messages/analysis.hpp"
#include "messages/schedule.hpp"
#include "storage/home_store.hpp"

#include <caf/actor_system.hpp>

#include <memory>
#include <vector>

namespace habitd {

/// Listing jobs, beginning one, and cancelling it.
/// @param system     outlives the server.
/// @param scheduler  begins jobs, so that others of their group wait; null = none is there.
std::vector<route> job_routes(caf::actor_system& system,
                              const std::shared_ptr<home_store>& store,
                              const job_carrier_actor& analysis,
                              const scheduler_actor& scheduler);

} // namespace habitd
