#pragma once

#include "actors/outbox/delivery.hpp"
#include "actors/runtime/health_board.hpp"
#include "config/config.hpp"
#include "messages/alert.hpp"
#include "messages/outbox.hpp"
#include "storage/home_store.hpp"
#include "tools/habitd/home_system.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <map>
#include <memory>
#include <stop_token>
#include <vector>

namespace habitd {

/// How entries get to a target, and how long it is tried.
struct notified_target {
  notified_target(deliver_entry by, delivery_policy under = {})
      : deliver{std::move(by)}, policy{under} {}
  deliver_entry deliver;
  delivery_policy policy;
};
using notified_targets = std::map<std::string, notified_target>; // by name

/// The alerts of a running daemon, and the couriers that tell the configured targets, under
/// their supervisors.
class notifications {
public:
  static constexpr const char* community_target = "community";

  /// What they work with.
  struct parts {
    std::shared_ptr<home_store> store;
    std::shared_ptr<const wall_clock> clock;
    std::shared_ptr<health_board> board;
    spawn_options spawn{};
  };

  /// @param system  outlives this object.
  /// @param community  URL that is told of each refresh of the corpus, as the target of that
  ///                   name; alerts don't go there. Empty = none.
  /// @param more       targets beside those of the settings.
  /// @errors           what the store says.
  static expected<std::unique_ptr<notifications>>
  start(caf::actor_system& system, const parts& with, const notify_config& settings,
        const std::string& community, const notified_targets& more);

  /// As above, to these targets alone.
  static expected<std::unique_ptr<notifications>>
  start(caf::actor_system& system, const parts& with, const notified_targets& targets);

  ~notifications();
  notifications(const notifications&) = delete;
  notifications& operator=(const notifications&) = delete;

  const alert_actor& alerts() const { return alerts_; }
  const outbox_actor& outbox() const { return outbox_; }

  /// All supervisors, first started first.
  std::vector<caf::actor> supervisors() const { return supervisors_; }

  /// Ends requests under way and stops the actors, within about a second. What is not
  /// delivered stays in the store.
  void stop();

private:
  notifications(caf::actor_system& system, std::shared_ptr<health_board> board)
      : system_{system}, board_{std::move(board)} {}

  error begin(const parts& with, const notified_targets& targets);

  caf::actor_system& system_;
  std::shared_ptr<health_board> board_;
  std::stop_source stopping_;
  std::vector<caf::actor> supervisors_; // first started first
  alert_actor alerts_;
  outbox_actor outbox_;
};

} // namespace habitd
