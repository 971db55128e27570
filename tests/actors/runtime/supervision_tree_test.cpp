#include "actors/runtime/supervision_tree.hpp"

#include "messages/job_control.hpp"
#include "tests/actor_fixture.hpp"

namespace habitd {
namespace {


struct tree_fixture : actor_fixture {
  branch row(const std::string& name, std::vector<std::string> needs) {
    auto result = supervised<job_actor>(
      name, std::move(needs), {}, [this, name](parent_ptr parent, const branch_site& site) {
        course.push_back("+" + name);
        for (const auto& [need, handle] : site.needed)
          CHECK(handle);
        return parent->spawn([](job_actor::pointer) -> job_actor::behavior_type {
          return {[](const run_job&) { return job_ended{}; }};
        });
      });
    result.before_stop = [this, name] { course.push_back("-" + name); };
    return result;
  }

  expected<std::unique_ptr<supervision_tree>> start(std::vector<branch> branches) {
    auto tree = supervision_tree::start(sys, board, std::move(branches));
    sched.run();
    return tree;
  }

  void stop(supervision_tree& tree) {
    tree.stop([this](const caf::actor& supervisor) {
      self->send_exit(supervisor, caf::exit_reason::user_shutdown);
      sched.run();
    });
  }

  struct no_clock final : wall_clock {
    wall_time now() const override { return {}; }
  };
  std::shared_ptr<health_board> board =
    std::make_shared<health_board>(std::make_shared<no_clock>());
  std::vector<std::string> course;
};

TEST_CASE_METHOD(tree_fixture, "branches start after what they need, and stop before it") {
  auto tree = start({row("alerts", {"outbox"}),
                     row("events", {}),
                     row("outbox", {"courier"}),
                     row("courier", {}),
                     row("analysis", {"events"})});
  REQUIRE(tree);
  using names = std::vector<std::string>;
  CHECK(course == names{"+events", "+courier", "+outbox", "+alerts", "+analysis"});
  CHECK((*tree)->supervisors().size() == 5);
  CHECK(board->list().size() == 5);

  course.clear();
  stop(**tree);

  CHECK(course == names{"-analysis", "-alerts", "-outbox", "-courier", "-events"});
  CHECK(board->list().empty());
}

TEST_CASE_METHOD(tree_fixture, "the handle of a branch is found by its name") {
  auto tree = start({row("events", {})});
  REQUIRE(tree);

  CHECK(ask<job_ended>((*tree)->get<job_actor>("events"), run_job{}));
  CHECK_FALSE((*tree)->get<job_actor>("sleep"));

  stop(**tree);
}

TEST_CASE_METHOD(tree_fixture, "a table that makes no sense starts nothing, and says why") {
  const auto unknown = start({row("alerts", {"outbox"})});
  const auto twice = start({row("alerts", {}), row("alerts", {})});
  const auto circle =
    start({row("events", {}), row("alerts", {"outbox"}), row("outbox", {"alerts"})});

  CHECK(describe(unknown.error()) ==
        "invalid input: alerts needs outbox, which is no branch");
  CHECK(describe(twice.error()) == "invalid input: two branches alerts");
  CHECK(describe(circle.error()) ==
        "invalid input: branches need each other: alerts, outbox");
  CHECK(course.empty());
}

} // namespace
} // namespace habitd
