#pragma once

#include "actors/runtime/supervisor.hpp"

#include <caf/scoped_actor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace habitd {

/// What a branch finds when it is started: the branches that it needs, by name.
struct branch_site {
  caf::actor_system* system = nullptr;
  std::shared_ptr<health_board> board{};
  std::map<std::string, caf::actor> needed{};

  /// @param name  one that the branch says it needs; anything else is a bug, and throws.
  template <class Handle>
  Handle get(const std::string& name) const {
    return caf::actor_cast<Handle>(needed.at(name));
  }
};

/// A row of the supervision tree.
struct branch {
  std::string name;               // in log lines, health and metrics
  std::vector<std::string> needs; // these are up before it is, and stopped after it
  std::function<caf::actor(const branch_site&)> start; // returns its supervisor
  std::function<void()> before_stop{}; // for what an exit message can't interrupt
};

/// A branch of one actor under its supervisor.
/// @param start  called as `start(parent_ptr, const branch_site&)` for each new child;
///               returns a handle convertible to `Handle`.
/// @param job    that the child works for, as log lines about it tell; null: none.
template <class Handle, class Start>
branch supervised(std::string name, std::vector<std::string> needs, restart_policy policy,
                  Start start, std::shared_ptr<const job_at_work> job = nullptr) {
  branch row;
  row.name = name;
  row.needs = std::move(needs);
  row.start = [=](const branch_site& site) {
    const auto start_child = [start, site](parent_ptr parent) {
      return start(parent, site);
    };
    return caf::actor_cast<caf::actor>(
      supervise<Handle>(*site.system, site.board, name, policy, start_child, job));
  };
  return row;
}

/// The places of `branches` in an order in which each comes after those it needs; else in the
/// order of the table.
/// @errors ec::invalid_input for a name that is there twice or not at all, or a circle.
expected<std::vector<std::size_t>> start_order(const std::vector<branch>& branches);

/// The actors of a process under their supervisors, started in dependency order and stopped
/// in reverse.
class supervision_tree {
public:
  /// @param system  outlives the tree.
  /// @errors        those of `start_order`.
  static expected<std::unique_ptr<supervision_tree>>
  start(caf::actor_system& system, std::shared_ptr<health_board> board,
        std::vector<branch> branches);

  ~supervision_tree() { stop(); }
  supervision_tree(const supervision_tree&) = delete;
  supervision_tree& operator=(const supervision_tree&) = delete;

  /// The handle of a branch, which is valid while its actor comes and goes; null without one
  /// of that name.
  template <class Handle>
  Handle get(const std::string& name) const {
    for (const auto& [row, supervisor] : running_)
      if (row.name == name)
        return caf::actor_cast<Handle>(supervisor);
    return {};
  }

  /// How each of them is.
  const std::shared_ptr<health_board>& board() const { return board_; }

  /// In the order in which they were started; one that ends by itself has failed itself.
  std::vector<caf::actor> supervisors() const;

  /// Stops them one after the other; a blocking step ends first.
  void stop();

  /// The same by someone who waits for each to end by other means.
  void stop(const std::function<void(const caf::actor&)>& stop_one);

private:
  supervision_tree(caf::actor_system& system, std::shared_ptr<health_board> board)
      : system_{system}, board_{std::move(board)} {}

  struct running_branch {
    branch row;
    caf::actor supervisor;
  };

  caf::actor_system& system_;
  std::shared_ptr<health_board> board_;
  std::vector<running_branch> running_;
};

} // namespace habitd
