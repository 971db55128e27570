#pragma once

#include "actors/analysis/analysis.hpp"
#include "actors/analysis/event_log.hpp"
#include "actors/home/open_source.hpp"
#include "actors/runtime/health_board.hpp"
#include "messages/analysis.hpp"
#include "storage/home_store.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <memory>
#include <vector>

namespace habitd {

/// Events of a file, gone on with where the store says reading stopped.
event_log_options events_from(const source_request& source, entity_filter filter);

/// The actors of one home under their supervisors, in dependency order. The same ones serve
/// one analysis and the daemon.
class home_system {
public:
  struct parts {
    std::shared_ptr<home_store> store;
    std::shared_ptr<const home_calendar> calendar;
    std::shared_ptr<const wall_clock> clock;
    event_log_options events;
    analysis_options analysis;
  };

  explicit home_system(parts with);
  ~home_system();

  caf::actor_system& system() { return system_; }
  const analysis_actor& analysis() const { return analysis_; }

  /// How each of them is.
  const std::shared_ptr<health_board>& board() const { return board_; }

  /// All supervisors, first started first; one that ends by itself has failed itself.
  std::vector<caf::actor> supervisors() const { return supervisors_; }

  /// Stops the actors in reverse order; a blocking step ends first.
  void stop();

private:
  struct quiet_config : caf::actor_system_config {
    quiet_config();
  };

  quiet_config config_;
  caf::actor_system system_{config_};
  std::shared_ptr<health_board> board_;
  std::vector<caf::actor> supervisors_;
  analysis_actor analysis_;
};

} // namespace habitd
