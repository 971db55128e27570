// Ending a job that runs: at a safe step, for good, and without it counting as a failure.

#include "storage/records.hpp"
#include "tests/actors/analysis/analysis_fixture.hpp"

namespace habitd {
namespace {

using namespace std::chrono_literals;

std::deque<event_page> two_weeks() {
  simulation_options options;
  options.days = 14;
  options.entities = 60;
  options.events_per_day = 300;
  return pages_of(options);
}

struct cancel_fixture : analysis_fixture {
  /// Begins a job that waits a second for its first page.
  std::string begin_waiting() {
    fail_reads = 1;
    const auto id = ask<std::string>(analyst, start_job{"test"});
    REQUIRE(id);
    return *id;
  }

  /// Begins a job and lets it do `turns` handler calls more, fewer if it ends.
  std::string begin_and_run(int turns) {
    sched.run(); // actors begin with a turn of their own
    auto begun = self->request(analyst, caf::infinite, start_job{"test"});
    sched.try_run_once();
    for (int i = 0; i < turns && sched.try_run_once(); ++i)
      ;
    std::string id;
    begun.receive([&](std::string& job) { id = job; }, [](const error&) {});
    REQUIRE_FALSE(id.empty());
    return id;
  }
};

TEST_CASE("a job that waits is cancelled at once, and says so") {
  cancel_fixture home;
  const auto id = home.begin_waiting();

  const auto answer = home.ask<cancel_answer>(home.analyst, cancel_job{id});

  REQUIRE(answer);
  CHECK(answer->outcome == job_outcome::running);
  REQUIRE(home.jobs().size() == 1);
  CHECK(home.jobs()[0].outcome == job_outcome::cancelled);
  CHECK(home.jobs()[0].finished == home.clock->now());
  CHECK_FALSE(home.ask<job_status>(home.analyst, get_job_status{})->running);
  for (int i = 0; i < 10; ++i) // its timer fires into nothing
    home.advance(2s);
  CHECK(home.jobs()[0].outcome == job_outcome::cancelled);
}

TEST_CASE("wherever a job is cancelled it ends there, and the next does what was left") {
  analysis_fixture undisturbed;
  undisturbed.analyze(two_weeks());
  const auto expected = undisturbed.patterns();
  REQUIRE_FALSE(expected.empty());
  const auto turns = GENERATE(range(0, 120, 20));
  cancel_fixture home;
  home.waiting = two_weeks();
  const auto id = home.begin_and_run(turns);
  const auto phases = home.jobs().at(0).phases.size();

  const auto answer = home.ask<cancel_answer>(home.analyst, cancel_job{id});

  INFO(turns);
  REQUIRE(answer);
  CHECK_FALSE(home.ask<job_status>(home.analyst, get_job_status{})->running);
  const auto job = home.jobs().at(0);
  if (answer->outcome == job_outcome::running) {
    CHECK(job.outcome == job_outcome::cancelled);
    CHECK(job.phases.size() < analysis_phase_words.size());
    CHECK(job.phases.size() <= phases + 1); // the last step of one was under way, at most
  }
  CHECK(home.analyze({}).outcome == job_outcome::ok);
  CHECK(home.patterns() == expected);
}

TEST_CASE("a cancelled job is not begun again by a crash before its end") {
  cancel_fixture home;
  home.waiting = two_weeks();
  const auto id = home.begin_and_run(20);
  auto told = home.self->request(home.analyst, caf::infinite, cancel_job{id});
  home.sched.try_run_once(); // in which the analysis promises it
  REQUIRE(home.jobs().at(0).outcome == job_outcome::running);

  home.restart();

  REQUIRE(home.jobs().size() == 1);
  CHECK(home.jobs()[0].outcome == job_outcome::cancelled);
  told.receive([](cancel_answer) {}, [](const error&) {});
}

TEST_CASE("only a job that runs can be cancelled") {
  cancel_fixture home;
  const auto ended = home.analyze({}).id;

  const auto late = home.ask<cancel_answer>(home.analyst, cancel_job{ended});
  const auto unknown = home.ask<cancel_answer>(home.analyst, cancel_job{"20200101"});

  REQUIRE(late);
  CHECK(late->outcome == job_outcome::ok);
  REQUIRE_FALSE(unknown);
  CHECK(code_of(unknown.error()) == ec::not_found);
  CHECK(home.jobs()[0].outcome == job_outcome::ok);
}

TEST_CASE("who runs a job to its end is told that it was cancelled") {
  cancel_fixture home;
  home.fail_reads = 1;
  auto run = home.self->request(home.analyst, caf::infinite, run_job{"schedule"});
  home.sched.run();

  const auto id = home.jobs().at(0).id;
  REQUIRE(home.ask<cancel_answer>(home.analyst, cancel_job{id}));

  job_ended how;
  run.receive([&](job_ended& told) { how = told; }, [](const error&) {});
  CHECK(how.id == id);
  CHECK(how.outcome == job_outcome::cancelled);
  home.advance(2s);
}

} // namespace
} // namespace habitd
