#include "actors/runtime/supervisor.hpp"

#include "actors/runtime/failure_handlers.hpp"
#include "messages/log_of.hpp"

#include <caf/exit_reason.hpp>
#include <caf/message_view.hpp>

namespace habitd {

namespace {

using namespace std::chrono_literals;

struct restart_now {};
struct look_at_child {};

template <class Inspector>
auto inspect(Inspector& f, restart_now&) {
  return f(caf::meta::type_name("restart_now"));
}
template <class Inspector>
auto inspect(Inspector& f, look_at_child&) {
  return f(caf::meta::type_name("look_at_child"));
}

constexpr auto ask_every = 10s;

} // namespace

void supervisor_state::start() {
  try {
    child = start_fn(self);
  } catch (const std::exception& failure) {
    return on_down(make_error(ec::unexpected, failure.what()));
  }
  is_asked = false;
  self->monitor(child);
  board->started(child_name, self->clock().now());
}

/// Asks for a sign of life: every actor of CAF answers this between two of its messages.
void supervisor_state::look() {
  self->delayed_send(self, ask_every, look_at_child{});
  if (!child || is_asked)
    return;
  is_asked = true;
  const auto answered = [this, whom = child.address()] {
    if (child.address() != whom)
      return;
    is_asked = false;
    board->answered(child_name, self->clock().now());
  };
  self
    ->request(child, caf::infinite, caf::sys_atom::value, caf::get_atom::value,
              std::string{"info"})
    .then([answered](caf::ok_atom, const std::string&, const caf::strong_actor_ptr&,
                     const std::string&) { answered(); },
          [](const error&) {}); // it ended, and on_down is told
}

void supervisor_state::stop(const error& reason) {
  stopping = true;
  if (child)
    self->send_exit(child, reason); // on_down then ends this actor too
  else
    on_down(reason);
}

void supervisor_state::on_down(const error& reason) {
  child = nullptr;
  if (stopping || !reason || reason == caf::exit_reason::user_shutdown) {
    board->stopped(child_name);
    return self->quit(reason); // ended on purpose
  }
  const auto step = decision.on_failure(self->clock().now(), uniform(random));
  is_down = step.is_down;
  board->failed(child_name, is_down ? branch_state::down : branch_state::restarting,
                reason);
  const lines_of_job lines{job};
  if (is_down)
    log_of(log_area::supervision)
      .error("{}: down, tried again in {} s; {}", child_name, step.wait / 1s,
             describe(reason));
  else
    log_of(log_area::supervision)
      .warn("{}: restart in {} ms after {}", child_name, step.wait.count(),
            describe(reason));
  self->delayed_send(self, step.wait, restart_now{});
}

caf::result<caf::message> supervisor_state::forward(caf::message_view& msg) {
  if (!child)
    return make_error(ec::unavailable,
                      child_name + (is_down ? " is down" : " is restarting"));
  auto promise = self->make_response_promise();
  promise.delegate(child, msg.move_content_to_message());
  return promise;
}

caf::behavior supervisor(caf::stateful_actor<supervisor_state>* self,
                         std::string child_name, start_child start,
                         std::shared_ptr<health_board> board, restart_policy policy,
                         std::shared_ptr<const job_at_work> job) {
  install_failure_handlers(self);
  auto& state = self->state;
  state.child_name = std::move(child_name);
  state.start_fn = std::move(start);
  state.board = std::move(board);
  state.job = std::move(job);
  state.decision = restart_decision{policy};
  self->set_down_handler([&state](caf::down_msg& msg) { state.on_down(msg.reason); });
  self->set_exit_handler([&state](caf::exit_msg& msg) { state.stop(msg.reason); });
  self->set_default_handler([&state](caf::scheduled_actor*, caf::message_view& msg) {
    return state.forward(msg);
  });
  state.start();
  state.look();
  return {
    [&state](restart_now) {
      if (!state.stopping)
        state.start();
    },
    [&state](look_at_child) { state.look(); },
  };
}

} // namespace habitd
