#pragma once

#include "actors/runtime/health_board.hpp"
#include "actors/standards/provider_worker.hpp"
#include "actors/standards/refresh_tally.hpp"
#include "config/config.hpp"
#include "messages/refresh.hpp"
#include "storage/home_store.hpp"
#include "tools/habitd/home_system.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace habitd {

/// The documents of a running daemon: their sources, the queue and those who read, under
/// their supervisors.
class standards_branch {
public:
  struct parts {
    std::shared_ptr<home_store> store;
    std::shared_ptr<const wall_clock> clock;
    std::shared_ptr<health_board> board;
    spawn_options spawn{};
    std::function<void(const standard&, const standard_version&)> on_update{};
    fetch_document fetch{}; // in place of what the settings say; a test's
  };

  /// Seeds the documents, then starts the actors.
  /// @param system  outlives this object.
  /// @errors        what the store says; a document that can't be read is only logged.
  static expected<std::unique_ptr<standards_branch>>
  start(caf::actor_system& system, const parts& with,
        const auto_refresh_config& settings);

  ~standards_branch() { stop(); }
  standards_branch(const standards_branch&) = delete;
  standards_branch& operator=(const standards_branch&) = delete;

  const access_actor& access() const { return access_; }
  const refresh_actor& queue() const { return queue_; }
  const std::shared_ptr<refresh_tally>& tally() const { return tally_; }

  /// All supervisors, first started first.
  std::vector<caf::actor> supervisors() const { return supervisors_; }

  /// Stores the counts, breaks off refreshes under way and stops the actors, within about a
  /// second. What waits stays in the store.
  void stop();

private:
  explicit standards_branch(caf::actor_system& system) : system_{system} {}

  caf::actor_system& system_;
  std::shared_ptr<refresh_tally> tally_ = std::make_shared<refresh_tally>();
  std::vector<caf::actor> supervisors_; // first started first
  access_actor access_;
  refresh_actor queue_;
};

} // namespace habitd
