#pragma once

#include "actors/analysis/analysis.hpp"
#include "actors/analysis/event_log.hpp"
#include "actors/home/open_source.hpp"
#include "actors/job/job_carrier.hpp"
#include "actors/runtime/supervision_tree.hpp"
#include "storage/home_store.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace habitd {

/// How actors are started. The defaults are the daemon's; a test has one thread, and leaves
/// nothing to chance.
struct spawn_options {
  bool own_threads = true; // for actors that block
  restart_policy restarts{};
  std::optional<std::uint_fast32_t> seed{}; // of the jitter of couriers; none: random
};

/// What the actors of one home work with.
struct home_parts {
  std::shared_ptr<home_store> store;
  std::shared_ptr<const home_calendar> calendar;
  std::shared_ptr<const wall_clock> clock;
  event_log_options events;
  analysis_options analysis;
  job_options jobs;
  spawn_options spawn{};
};

/// The branch that carries a kind of job has the name of the kind.
inline constexpr const char* analysis_branch = "analysis";

/// Events of a file, gone on with where the store says reading stopped.
event_log_options events_from(const source_request& source, entity_filter filter);

/// The actors of one home: who reads its events, the detectors, the analysis. The same ones
/// serve one analysis and the daemon.
std::vector<branch> home_branches(const home_parts& with);

} // namespace habitd
