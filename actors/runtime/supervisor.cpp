#include "actors/runtime/supervisor.hpp"

#include "actors/runtime/failure_handlers.hpp"

#include <caf/exit_reason.hpp>
#include <caf/message_view.hpp>
#include <spdlog/spdlog.h>

namespace habitd {

namespace {

struct restart_now {};

template <class Inspector>
auto inspect(Inspector& f, restart_now&) {
  return f(caf::meta::type_name("restart_now"));
}

} // namespace

void supervisor_state::start() {
  child = start_fn(self);
  self->monitor(child);
}

void supervisor_state::stop(const error& reason) {
  stopping = true;
  if (child)
    self->send_exit(child, reason); // on_down then ends this actor too
  else
    self->quit(reason);
}

void supervisor_state::on_down(const error& reason) {
  child = nullptr;
  if (stopping || !reason || reason == caf::exit_reason::user_shutdown)
    return self->quit(reason); // ended on purpose
  const auto delay = history.on_failure(self->clock().now(), uniform(random));
  if (!delay) {
    spdlog::error("{}: gave up after {}", child_name, describe(reason));
    return self->quit(reason); // our monitor decides what happens next
  }
  spdlog::warn("{}: restart in {} ms after {}", child_name, delay->count(),
               describe(reason));
  self->delayed_send(self, *delay, restart_now{});
}

caf::result<caf::message> supervisor_state::forward(caf::message_view& msg) {
  if (!child)
    return make_error(ec::unavailable, child_name + " is restarting");
  auto promise = self->make_response_promise();
  promise.delegate(child, msg.move_content_to_message());
  return promise;
}

caf::behavior supervisor(caf::stateful_actor<supervisor_state>* self,
                         std::string child_name, start_child start,
                         restart_policy policy) {
  install_failure_handlers(self);
  auto& state = self->state;
  state.child_name = std::move(child_name);
  state.start_fn = std::move(start);
  state.history = restart_history{policy};
  self->set_down_handler([&state](caf::down_msg& msg) { state.on_down(msg.reason); });
  self->set_exit_handler([&state](caf::exit_msg& msg) { state.stop(msg.reason); });
  self->set_default_handler([&state](caf::scheduled_actor*, caf::message_view& msg) {
    return state.forward(msg);
  });
  state.start();
  return {[&state](restart_now) { state.start(); }};
}

} // namespace habitd
