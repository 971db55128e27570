#include "actors/runtime/fault_point.hpp"
#include "tests/actors/standards/standards_fixture.hpp"

using namespace habitd;

namespace {

/// Throws at the n-th fault point of this room, as long as it lives: the actor that passes
/// it ends there, with nothing of the step that follows.
class end_at_step {
public:
  explicit end_at_step(int step) {
    action_ = [this, step](std::string_view point) {
      if (point.starts_with("standards.") && ++passed_ >= step)
        throw std::runtime_error("planned end");
    };
    detail::planned_faults.store(&action_);
  }
  ~end_at_step() { detail::planned_faults.store(nullptr); }

  int passed() const { return passed_; }

private:
  fault_action action_;
  int passed_ = 0;
};

} // namespace

TEST_CASE(
  "a refresh ended at any step leaves a whole version, and is done after a start") {
  const auto old_text = sample_text("Doc");
  const auto new_text = sample_text("Doc", "!");
  int steps = 0;
  bool reached = true;
  for (int step = 1; reached; ++step) {
    INFO("step " << step);
    standards_home home;
    home.plant("doc", old_text, 40);
    int calls = 0;
    home.fetch = [&](const fetch_task&) {
      return ++calls == 1 ? fetch_failed("once") : given(new_text);
    };
    home.start();
    {
      const end_at_step end{step};
      caf::anon_send(home.access, read_standard{"doc", false, false, {}});
      home.sched.run();
      home.pass(60s);
      reached = end.passed() >= step;
    }
    home.crash();
    home.reopen();

    const auto versions = home.versions("doc");
    const auto text = home.text("doc");
    CHECK((text == old_text || text == new_text));
    CHECK(versions.size() == (text == new_text ? 2U : 1U));
    batch drop;
    const auto waiting = home.store->refresh_queue.list(drop);
    REQUIRE(waiting);
    CHECK(waiting->size() == (text == new_text ? 0U : 1U));

    home.start();
    home.read("doc");
    home.pass(60s);
    CHECK(home.text("doc") == new_text);
    CHECK(home.versions("doc").size() == 2);
    CHECK(home.queue_status().entries.empty());
    ++steps;
  }
  CHECK(steps >= 6);
}
