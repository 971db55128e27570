#include "actors/runtime/supervisor.hpp"

#include "actors/runtime/failure_handlers.hpp"
#include "tests/actor_fixture.hpp"

namespace habitd {
namespace {

using namespace std::chrono_literals;

using counter_actor = caf::typed_actor<caf::replies_to<int>::with<int>>;

struct counter_state {
  static constexpr const char* name = "counter";
  counter_state() = default;
  int sum = 0;
};

/// Adds up what it is sent; throws on a negative number.
counter_actor::behavior_type
counter(counter_actor::stateful_pointer<counter_state> self) {
  install_failure_handlers(self);
  return {[self](int n) {
    if (n < 0)
      throw std::runtime_error("negative");
    return self->state.sum += n;
  }};
}

struct supervisor_fixture : actor_fixture {
  counter_actor supervised(restart_policy policy) {
    return supervise<counter_actor>(
      sys, "counter", policy, [](parent_ptr parent) { return parent->spawn(counter); });
  }
  void stop(const counter_actor& actor) {
    self->send_exit(actor, caf::exit_reason::user_shutdown);
    sched.run();
  }
};

TEST_CASE_METHOD(supervisor_fixture,
                 "a supervisor restarts its child after the backoff") {
  auto child = supervised({.min_backoff = 1s, .jitter = 0});
  CHECK(*ask<int>(child, 5) == 5);
  CHECK_FALSE(ask<int>(child, -1));
  const auto between = ask<int>(child, 1);
  REQUIRE_FALSE(between);
  CHECK(describe(between.error()) == "unavailable: counter is restarting");

  advance(1s);

  CHECK(*ask<int>(child, 2) == 2); // a new child, begun from nothing
  stop(child);
}

TEST_CASE_METHOD(supervisor_fixture,
                 "a supervisor gives up with the child's last error") {
  auto child = supervised({.max_restarts = 2, .min_backoff = 1s, .jitter = 0});
  self->monitor(child);

  for (int i = 0; i < 3; ++i) {
    tell(child, -1);
    advance(5s);
  }

  error reason;
  self->receive([&](const caf::down_msg& msg) { reason = msg.reason; });
  CHECK(describe(reason) == "unexpected: negative");
}

TEST_CASE("restarts wait twice as long each time and are forgotten after the period") {
  restart_history history{
    {.max_restarts = 3, .period = 60s, .min_backoff = 1s, .jitter = 0}};
  const std::chrono::steady_clock::time_point start{};

  CHECK(history.on_failure(start, 0) == 1000ms);
  CHECK(history.on_failure(start + 1s, 0) == 2000ms);
  CHECK(history.on_failure(start + 2s, 0) == 4000ms);
  CHECK_FALSE(history.on_failure(start + 3s, 0));
  CHECK(history.on_failure(start + 120s, 0) == 1000ms);
}

} // namespace
} // namespace habitd
