#pragma once

#include "messages/error.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <catch2/catch.hpp>

namespace habitd {

struct test_config : caf::actor_system_config {
  test_config() { set("scheduler.policy", caf::atom("testing")); }
};

/// An actor system that runs on the calling thread, and whose time only `advance` moves.
struct actor_fixture {
  test_config config;
  caf::actor_system sys{config};
  caf::scheduler::test_coordinator& sched =
    dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
  caf::scoped_actor self{sys};

  // A pending timer keeps its actor alive: a test that starts such an actor also stops it.
  ~actor_fixture() { sched.run(); }

  template <class Handle, class Message>
  void tell(const Handle& to, Message msg) {
    caf::anon_send(to, std::move(msg));
    sched.run();
  }

  template <class Reply, class Handle, class Message>
  expected<Reply> ask(const Handle& to, Message msg) {
    auto response = self->request(to, caf::infinite, std::move(msg));
    sched.run();
    expected<Reply> result{error{}};
    response.receive([&](Reply& reply) { result = std::move(reply); },
                     [&](error& err) { result = std::move(err); });
    return result;
  }

  void advance(caf::timespan by) {
    sched.advance_time(by);
    sched.run();
  }
};

} // namespace habitd
