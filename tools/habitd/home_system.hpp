#pragma once

#include "actors/analysis/analysis.hpp"
#include "actors/analysis/event_log.hpp"
#include "actors/home/open_source.hpp"
#include "actors/job/job_carrier.hpp"
#include "actors/runtime/health_board.hpp"
#include "actors/runtime/restart_decision.hpp"
#include "messages/analysis.hpp"
#include "storage/home_store.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace habitd {

/// Events of a file, gone on with where the store says reading stopped.
event_log_options events_from(const source_request& source, entity_filter filter);

/// How actors are started. The defaults are the daemon's; a test has one thread, and leaves
/// nothing to chance.
struct spawn_options {
  bool own_threads = true; // for actors that block
  restart_policy restarts{};
  std::optional<std::uint_fast32_t> seed{}; // of the jitter of couriers; none: random
};

/// The actors of one home under their supervisors, in dependency order. The same ones serve
/// one analysis and the daemon.
class home_actors {
public:
  struct parts {
    std::shared_ptr<home_store> store;
    std::shared_ptr<const home_calendar> calendar;
    std::shared_ptr<const wall_clock> clock;
    event_log_options events;
    analysis_options analysis;
    job_options jobs;
    spawn_options spawn{};
  };

  /// @param system  outlives this object, which is to be stopped before its end.
  home_actors(caf::actor_system& system, const parts& with);

  const job_carrier_actor& analysis() const { return analysis_; }

  /// How each of them is.
  const std::shared_ptr<health_board>& board() const { return board_; }

  /// All supervisors, first started first; one that ends by itself has failed itself.
  std::vector<caf::actor> supervisors() const { return supervisors_; }

  /// Stops the actors in reverse order; a blocking step ends first.
  void stop();

private:
  caf::actor_system& system_;
  std::shared_ptr<health_board> board_;
  std::vector<caf::actor> supervisors_;
  job_carrier_actor analysis_;
};

/// The actors of one home in a system of their own.
class home_system {
public:
  using parts = home_actors::parts;

  explicit home_system(const parts& with) : actors_{system_, with} {}
  ~home_system() { stop(); }

  caf::actor_system& system() { return system_; }
  const job_carrier_actor& analysis() const { return actors_.analysis(); }
  const std::shared_ptr<health_board>& board() const { return actors_.board(); }
  std::vector<caf::actor> supervisors() const { return actors_.supervisors(); }
  void stop() { actors_.stop(); }

private:
  struct quiet_config : caf::actor_system_config {
    quiet_config();
  };

  quiet_config config_;
  caf::actor_system system_{config_};
  home_actors actors_;
};

} // namespace habitd
