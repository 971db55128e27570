#include "tools/habitd/home_system.hpp"

namespace habitd {

quiet_config::quiet_config() {
  set("scheduler.policy", caf::atom("sharing")); // the fewest idle wake-ups
  set("scheduler.max-threads", 2);
}

expected<std::unique_ptr<home_system>>
home_system::start(std::shared_ptr<health_board> board, std::vector<branch> branches) {
  std::unique_ptr<home_system> made{new home_system};
  auto tree =
    supervision_tree::start(made->system_, std::move(board), std::move(branches));
  if (!tree)
    return tree.error();
  made->tree_ = std::move(*tree);
  return made;
}

} // namespace habitd
