#pragma once

#include "http/message.hpp"
#include "http/problem.hpp"
#include "storage/json_time.hpp"

#include <boost/json.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <string>

namespace habitd {

// What the handlers of the admin interface have in common.

inline http_response ok(std::string body, int status = 200) {
  http_response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

inline http_response ok(const boost::json::object& body, int status = 200) {
  return ok(boost::json::serialize(body), status);
}

/// Asks an actor, for two seconds at most unless told otherwise, and answers the request with
/// what `render` makes of the reply.
template <class Reply, class Handle, class Message, class Render>
void ask_actor(caf::actor_system& system, const Handle& whom, Message message,
               respond answer, Render render,
               std::chrono::seconds wait = std::chrono::seconds{2}) {
  system.spawn([=](caf::event_based_actor* self) {
    self->request(whom, wait, message)
      .then([=](const Reply& reply) { answer(render(reply)); },
            [=](const error& reason) { answer(to_problem(reason)); });
  });
}

} // namespace habitd
