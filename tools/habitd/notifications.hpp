#pragma once

#include "actors/runtime/health_board.hpp"
#include "config/config.hpp"
#include "messages/alert.hpp"
#include "messages/outbox.hpp"
#include "storage/home_store.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <memory>
#include <stop_token>
#include <vector>

namespace habitd {

/// The alerts of a running daemon, and the couriers that tell the configured targets, under
/// their supervisors.
class notifications {
public:
  /// @param system  outlives this object.
  /// @errors        what the store says.
  static expected<std::unique_ptr<notifications>>
  start(caf::actor_system& system, const std::shared_ptr<home_store>& store,
        const std::shared_ptr<const wall_clock>& clock,
        const std::shared_ptr<health_board>& board, const notify_config& settings);
  ~notifications();
  notifications(const notifications&) = delete;
  notifications& operator=(const notifications&) = delete;

  const alert_actor& alerts() const { return alerts_; }
  const outbox_actor& outbox() const { return outbox_; }

  /// Ends requests under way and stops the actors, within about a second. What is not
  /// delivered stays in the store.
  void stop();

private:
  notifications(caf::actor_system& system, std::shared_ptr<health_board> board)
      : system_{system}, board_{std::move(board)} {}

  caf::actor_system& system_;
  std::shared_ptr<health_board> board_;
  std::stop_source stopping_;
  std::vector<caf::actor> supervisors_; // first started first
  alert_actor alerts_;
  outbox_actor outbox_;
};

} // namespace habitd
