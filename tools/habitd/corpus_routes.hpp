#pragma once

#include "actors/community/corpus_view.hpp"
#include "http/message.hpp"
#include "http/metrics.hpp"
#include "storage/home_store.hpp"

#include <boost/json.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace habitd {

/// What the routes of the corpus work with.
struct corpus_sources {
  std::shared_ptr<home_store> store;
  std::shared_ptr<corpus_view> view;
  std::shared_ptr<const wall_clock> clock;
  /// Told of entries that another miner added, after the caches were dropped.
  std::function<void(std::uint64_t added)> told_of_news = {};
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
