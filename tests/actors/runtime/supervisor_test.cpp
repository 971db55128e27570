#include "actors/runtime/supervisor.hpp"

#include "actors/runtime/failure_handlers.hpp"
#include "messages/log_correlation.hpp"
#include "tests/actor_fixture.hpp"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <sstream>

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

struct still_clock final : wall_clock {
  wall_time now() const override { return {}; }
};

struct supervisor_fixture : actor_fixture {
  std::shared_ptr<health_board> board =
    std::make_shared<health_board>(std::make_shared<still_clock>());

  counter_actor supervised(restart_policy policy) {
    return supervise<counter_actor>(sys, board, "counter", policy, [](parent_ptr parent) {
      return parent->spawn(counter);
    });
  }
  branch_health health() const { return board->list().at(0); }
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
                 "a child that fails too often is down, and is tried again seldom") {
  auto child = supervised({.max_restarts = 2, .min_backoff = 1s, .jitter = 0});
  for (int i = 0; i < 3; ++i) {
    tell(child, -1);
    advance(5s);
  }
  CHECK(health().state == branch_state::down);
  CHECK(health().restarts == 2);
  CHECK(health().last_error == "unexpected: negative");
  CHECK(describe(ask<int>(child, 1).error()) == "unavailable: counter is down");

  advance(600s);

  CHECK(health().state == branch_state::up);
  CHECK(*ask<int>(child, 2) == 2);
  tell(child, -1); // one failure is enough now
  CHECK(health().state == branch_state::down);
  stop(child);
}

/// Collects what is logged while it lives.
class logged_lines {
public:
  logged_lines() {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_)));
  }
  logged_lines(const logged_lines&) = delete;
  logged_lines& operator=(const logged_lines&) = delete;
  ~logged_lines() { spdlog::set_default_logger(before_); }
  std::ptrdiff_t count() const {
    const auto text = text_.str();
    return std::count(text.begin(), text.end(), '\n');
  }

private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
};

/// The correlation id of each line that is logged while it lives.
class logged_correlations {
public:
  logged_correlations() {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", sink_));
  }
  logged_correlations(const logged_correlations&) = delete;
  logged_correlations& operator=(const logged_correlations&) = delete;
  ~logged_correlations() { spdlog::set_default_logger(before_); }
  const std::vector<std::string>& ids() const { return sink_->ids; }

private:
  struct collector final : spdlog::sinks::base_sink<std::mutex> {
    void sink_it_(const spdlog::details::log_msg&) override {
      ids.emplace_back(log_correlation::current());
    }
    void flush_() override {}
    std::vector<std::string> ids;
  };

  std::shared_ptr<collector> sink_ = std::make_shared<collector>();
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
};

TEST_CASE_METHOD(supervisor_fixture,
                 "what is logged of a failed child carries the id of the job at work") {
  const logged_correlations lines;
  const auto job = std::make_shared<job_at_work>();
  auto child = supervise<counter_actor>(
    sys, board, "counter", {.min_backoff = 1s, .jitter = 0},
    [](parent_ptr parent) { return parent->spawn(counter); }, job);

  job->set("some job");
  tell(child, -1);
  advance(1s);
  job->set({});
  tell(child, -1);

  CHECK(lines.ids() == std::vector<std::string>{"some job", ""});
  stop(child);
}

TEST_CASE_METHOD(supervisor_fixture,
                 "a child that always fails is seldom started and says little") {
  const logged_lines lines;
  int starts = 0;
  auto child =
    supervise<counter_actor>(sys, board, "counter", {}, [&starts](parent_ptr parent) {
      ++starts;
      const auto begun = parent->spawn(counter);
      caf::anon_send(begun, -1);
      return begun;
    });
  for (int second = 0; second < 3600; ++second)
    advance(1s);

  CHECK(starts > 9); // tried again and again
  CHECK(starts < 15);
  CHECK(lines.count() >= starts);
  CHECK(lines.count() < 15);
  stop(child);
}

TEST_CASE_METHOD(supervisor_fixture, "a child that can't start counts as failed") {
  bool can_start = false;
  auto child = supervise<counter_actor>(sys, board, "counter", {.jitter = 0},
                                        [&can_start](parent_ptr parent) {
                                          if (!can_start)
                                            throw std::runtime_error("no thread");
                                          return parent->spawn(counter);
                                        });
  sched.run();
  CHECK(health().state == branch_state::restarting);
  CHECK(health().last_error == "unexpected: no thread");

  can_start = true;
  advance(1s);

  CHECK(*ask<int>(child, 2) == 2);
  stop(child);
}

TEST_CASE_METHOD(supervisor_fixture, "a child that says nothing is noticed") {
  auto child = supervised({});
  sched.run();
  const auto started = sched.clock().now();
  for (int i = 0; i < 12; ++i)
    advance(10s);
  CHECK(board->silent(sched.clock().now(), 15s).empty());

  CHECK(board->silent(started + 300s, 60s) == std::vector<std::string>{"counter"});
  stop(child);
  CHECK(board->list().empty());
}

/// What restarts have to look like, told from the whole history each time.
class restart_model {
public:
  explicit restart_model(restart_policy policy) : policy_{policy} {}

  restart_step on_failure(std::chrono::milliseconds now) {
    const bool was_down = !past_.empty() && past_.back().step.is_down;
    const auto back_up = was_down ? past_.back().at + past_.back().step.wait : 0ms;
    restart_step step;
    step.is_down = was_down && now - back_up < policy_.period;
    std::size_t recent = 1;
    for (auto at = past_.rbegin(); at != past_.rend() && !at->step.is_down; ++at)
      recent += now - at->at < policy_.period;
    step.is_down = step.is_down || recent > policy_.max_restarts;
    step.wait = policy_.retry_down;
    if (!step.is_down) {
      step.wait = policy_.min_backoff;
      for (std::size_t i = 1; i < recent && step.wait < policy_.max_backoff; ++i)
        step.wait *= 2;
      step.wait = std::min(step.wait, policy_.max_backoff);
    }
    past_.push_back({now, step});
    return step;
  }

private:
  struct failure {
    std::chrono::milliseconds at;
    restart_step step;
  };
  restart_policy policy_;
  std::vector<failure> past_;
};

TEST_CASE("restarts are decided as the model says, for a million schedules") {
  std::minstd_rand random{1};
  const auto below = [&random](std::int64_t n) {
    return static_cast<std::int64_t>(random()) % n;
  };
  for (int schedule = 0; schedule < 1'000'000; ++schedule) {
    restart_policy policy{.max_restarts = static_cast<std::size_t>(below(5)),
                          .period = std::chrono::milliseconds{1 + below(1000)},
                          .min_backoff = std::chrono::milliseconds{1 + below(50)},
                          .max_backoff = std::chrono::milliseconds{50 + below(400)},
                          .jitter = 0,
                          .retry_down = std::chrono::milliseconds{1 + below(2000)}};
    restart_decision decision{policy};
    restart_model model{policy};
    std::chrono::milliseconds now{below(1000)};
    for (auto failures = 1 + below(12); failures > 0; --failures) {
      const auto expected = model.on_failure(now);
      const auto step =
        decision.on_failure(std::chrono::steady_clock::time_point{now}, 0.5);
      if (step != expected) // an assertion each would take most of the time
        FAIL("schedule " << schedule << " at " << now.count() << " ms");
      now += step.wait + std::chrono::milliseconds{below(2) * below(900)};
    }
  }
}

TEST_CASE("jitter makes a restart later by its share at most") {
  const restart_policy policy{.min_backoff = 1s, .jitter = 0.2};
  restart_decision early{policy};
  restart_decision late{policy};

  CHECK(early.on_failure({}, 0).wait == 1000ms);
  CHECK(late.on_failure({}, 0.999).wait == 1200ms);
}

} // namespace
} // namespace habitd
