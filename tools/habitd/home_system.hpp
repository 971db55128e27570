#pragma once

#include "actors/runtime/supervision_tree.hpp"
#include "messages/time.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <memory>
#include <vector>

namespace habitd {

/// Few threads, for a small machine.
struct quiet_config : caf::actor_system_config {
  quiet_config();
};

/// An actor system of its own, with the branches that run in it.
class home_system {
public:
  /// @param board  made by the caller, since branches may tell it things.
  /// @errors       those of `supervision_tree::start`.
  static expected<std::unique_ptr<home_system>>
  start(std::shared_ptr<health_board> board, std::vector<branch> branches);

  caf::actor_system& system() { return system_; }
  supervision_tree& tree() { return *tree_; }

private:
  home_system() = default;

  quiet_config config_;
  caf::actor_system system_{config_};
  std::unique_ptr<supervision_tree> tree_; // stops before the system ends
};

} // namespace habitd
