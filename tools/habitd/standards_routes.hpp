#pragma once

#include "actors/standards/refresh_tally.hpp"
#include "config/config.hpp"
#include "http/message.hpp"
#include "http/metrics.hpp"
#include "messages/refresh.hpp"
#include "storage/home_store.hpp"

#include <caf/actor_system.hpp>

#include <memory>
#include <vector>

namespace habitd {

/// What the routes of documents work with.
struct standards_sources {
  caf::actor_system* system = nullptr; // outlives the routes
  std::shared_ptr<home_store> store;
  std::shared_ptr<const wall_clock> clock;
  access_actor access;
  refresh_actor queue;
  std::shared_ptr<refresh_tally> tally;
  auto_refresh_config settings{};
};

/// Routes of documents, their versions and the refresh queue (docs/openapi.yaml).
std::vector<route> standards_routes(const standards_sources& from);

/// How many documents are at most so old, in days: the bounds, and then all others.
struct age_histogram {
  std::vector<double> bounds{1, 7, 14, 30, 60, 90, 180, 365};
  std::vector<std::uint64_t> counts = std::vector<std::uint64_t>(9);
  double sum = 0; // days
};

/// @errors what the store says.
expected<age_histogram> ages_of(const home_store& store, wall_time now);

/// Adds what /metrics says of documents; nothing where the store can't be read.
void add_standards_metrics(std::vector<metric>& to, const standards_sources& from);

} // namespace habitd
