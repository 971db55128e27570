#pragma once

#include "actors/runtime/clock_doubt.hpp"
#include "actors/runtime/health_board.hpp"
#include "http/message.hpp"
#include "http/metrics.hpp"
#include "messages/analysis.hpp"
#include "storage/home_store.hpp"

#include <caf/actor_system.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace habitd {

/// What the admin interface answers from.
struct admin_sources {
  caf::actor_system* system = nullptr; // outlives the server
  job_carrier_actor analysis;
  std::shared_ptr<home_store> store;
  std::shared_ptr<const wall_clock> clock;
  wall_time started{};
  std::shared_ptr<const health_board> board;
  clock_check doubt{}; // none = the clock is trusted
  std::function<void(std::vector<metric>&)> more_metrics{}; // of other rooms
};

/// State, metrics and findings, as in docs/openapi.yaml. Handlers never block: what an actor knows is asked by a
/// one-shot actor, what is stored is read from a snapshot.
std::vector<route> admin_routes(const admin_sources& sources);

} // namespace habitd
