#pragma once

#include "http/message.hpp"
#include "http/metrics.hpp"
#include "messages/outbox.hpp"
#include "storage/home_store.hpp"

#include <caf/actor_system.hpp>

#include <memory>
#include <vector>

namespace habitd {

/// Routes of alerts and outbox (docs/openapi.yaml). Payloads are not shown: they may hold
/// what only their target should know.
std::vector<route> outbox_routes(caf::actor_system& system,
                                 std::shared_ptr<home_store> store, outbox_actor outbox);

/// Adds what /metrics says of alerts and outbox; nothing where the store can't be read.
void add_outbox_metrics(std::vector<metric>& to, const home_store& store);

} // namespace habitd
