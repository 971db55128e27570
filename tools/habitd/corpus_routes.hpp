#pragma once

#include "actors/community/corpus_view.hpp"
#include "http/message.hpp"
#include "http/metrics.hpp"
#include "messages/corpus_work.hpp"
#include "messages/job_control.hpp"
#include "messages/schedule.hpp"
#include "storage/home_store.hpp"

#include <boost/json.hpp>
#include <caf/actor_system.hpp>

#include <memory>
#include <vector>

namespace habitd {

/// What the routes of the corpus work with.
struct corpus_sources {
  caf::actor_system* system = nullptr; // outlives the server
  std::shared_ptr<home_store> store;
  std::shared_ptr<corpus_view> view;
  pruner_actor pruner;
  cache_invalidator_actor invalidator;
  job_carrier_actor refresh;
  scheduler_actor scheduler;
};

/// Routes of the community corpus (docs/openapi.yaml).
std::vector<route> corpus_routes(const corpus_sources& from);

/// What /health says: total, mean quality, last refresh, days since; "unhealthy" after seven
/// days without one, once there was one.
boost::json::object corpus_health(const home_store& store, const corpus_view& view,
                                  wall_time now);

/// Adds what /metrics says of the corpus and its refreshes.
void add_corpus_metrics(std::vector<metric>& to, const home_store& store,
                        const corpus_view& view);

} // namespace habitd
