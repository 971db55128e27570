#pragma once

#include "actors/runtime/health_board.hpp"
#include "actors/runtime/job_at_work.hpp"
#include "actors/runtime/restart_decision.hpp"
#include "messages/error.hpp"

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include <functional>
#include <random>
#include <string>

namespace habitd {

using parent_ptr = caf::event_based_actor*;

/// Starts a fresh child of `parent`. Called once, then again after each failure.
using start_child = std::function<caf::actor(parent_ptr parent)>;

struct supervisor_state {
  static constexpr const char* name = "supervisor";
  supervisor_state(parent_ptr self) : self{self} {}

  void start();
  void look();
  void stop(const error& reason);
  void on_down(const error& reason);
  caf::result<caf::message> forward(caf::message_view& msg);

  parent_ptr self;
  std::string child_name; // as shown in logs
  start_child start_fn;
  restart_decision decision{{}};
  std::shared_ptr<health_board> board;
  std::shared_ptr<const job_at_work> job; // may be null
  caf::actor child;                       // null while waiting for a restart
  bool is_down = false;
  bool is_asked = false; // for a sign of life
  bool stopping = false;
  std::minstd_rand random{std::random_device{}()};
  std::uniform_real_distribution<> uniform{0.0, 1.0};
};

caf::behavior supervisor(caf::stateful_actor<supervisor_state>* self,
                         std::string child_name, start_child start,
                         std::shared_ptr<health_board> board, restart_policy policy,
                         std::shared_ptr<const job_at_work> job);

/// Keeps one child running, and says on the board how it is.
/// @param child_name  for logs and health: "detector time_of_day".
/// @param start       called as `start(parent_ptr)`, returns a handle convertible to
///                    `Handle`.
/// @param job         that the child works for, as log lines about it tell; null: none.
/// @returns           a handle that stays valid while children come and go; between them,
///                    requests get ec::unavailable. It ends when it is told to, or with its
///                    child if that ends on purpose.
template <class Handle, class Start>
Handle supervise(caf::actor_system& system, std::shared_ptr<health_board> board,
                 std::string child_name, restart_policy policy, Start start,
                 std::shared_ptr<const job_at_work> job = nullptr) {
  start_child untyped = [start](parent_ptr parent) {
    return caf::actor_cast<caf::actor>(Handle{start(parent)});
  };
  return caf::actor_cast<Handle>(system.spawn(supervisor, std::move(child_name), untyped,
                                              std::move(board), policy, std::move(job)));
}

} // namespace habitd
