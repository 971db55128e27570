// What a job does next, decided without an actor.

#include "actors/job/job_run.hpp"

#include <catch2/catch.hpp>

namespace habitd {
namespace {

using namespace std::chrono_literals;

const job_run::time_point start{1h};

error passing() {
  return make_error(ec::unavailable, "restarting");
}
error lasting() {
  return make_error(ec::invalid_input, "of the wrong kind");
}
error full() {
  return make_error(ec::unavailable, "write", "IO error: No space left on device");
}
error damage() {
  return make_error(ec::corrupt_data, "a block");
}

job_run run_of(std::vector<phase_rule> phases, job_patience patience = {}) {
  return {job_record{}, std::move(phases), patience};
}

TEST_CASE("a job takes its phases in order, each step by step") {
  auto run = run_of({{"first"}, {"second"}});

  CHECK(run.begin(start).move == job_move::step);
  CHECK(run.rule().name == "first");
  CHECK(run.more(run.step()).move == job_move::step);
  CHECK(run.done(run.step(), start + 2s).move == job_move::step);
  CHECK(run.rule().name == "second");
  CHECK(run.done(run.step(), start + 5s).move == job_move::end);

  CHECK(run.record().outcome == job_outcome::ok);
  CHECK(run.record().phases == std::vector<phase_result>{{"first", true, "", 2'000},
                                                         {"second", true, "", 3'000}});
}

TEST_CASE("a step that fails is tried three times, if that may help") {
  auto run = run_of({{"only"}});
  run.begin(start);

  const auto first = run.failed(run.step(), start, passing());
  CHECK(first.move == job_move::wait);
  CHECK(first.wait == 1s);
  CHECK(run.waits_for() == passing());
  CHECK(run.wake(run.step()).move == job_move::step);
  CHECK(run.failed(run.step(), start, passing()).move == job_move::wait);
  CHECK(run.wake(run.step()).move == job_move::step);
  CHECK(run.failed(run.step(), start, passing()).move == job_move::end);

  CHECK(run.record().outcome == job_outcome::failed);
  CHECK(run.record().problem == "only: unavailable: restarting");
}

TEST_CASE("a failure that won't pass ends the phase at once, and the next one begins") {
  auto run = run_of({{"first"}, {"second"}});
  run.begin(start);

  CHECK(run.failed(run.step(), start, lasting()).move == job_move::step);
  CHECK(run.rule().name == "second");
  run.done(run.step(), start);

  CHECK(run.record().outcome == job_outcome::partial);
  CHECK_FALSE(run.record().phases.at(0).ok);
}

TEST_CASE("a phase without which nothing makes sense fails the job") {
  auto run = run_of({{"first"}, {"second", on_failure::fail_job}, {"third"}});
  run.begin(start);
  run.done(run.step(), start);

  CHECK(run.failed(run.step(), start, lasting()).move == job_move::end);

  CHECK(run.record().outcome == job_outcome::failed);
  CHECK(run.record().phases.size() == 2);
}

TEST_CASE("an item that fails is set aside, and the phase goes on") {
  auto run = run_of({{"only", on_failure::set_aside}});
  run.begin(start);

  const auto next = run.failed(run.step(), start, lasting());
  CHECK(next.move == job_move::set_aside);
  CHECK(next.reason == lasting());
  CHECK(run.more(run.step()).move == job_move::step);
  CHECK(run.done(run.step(), start).move == job_move::end);
}

TEST_CASE("one of several failures that may pass is enough for another attempt") {
  auto run = run_of({{"only"}});
  run.begin(start);
  const std::vector<error> both{lasting(), passing()};

  CHECK(run.tried_again(run.step(), both)->move == job_move::wait);
  run.wake(run.step());
  const std::vector<error> none{lasting(), lasting()};
  CHECK_FALSE(run.tried_again(run.step(), none));
  CHECK(run.done(run.step(), start, "two are left out").move == job_move::end);
}

TEST_CASE("a full disk is waited for, and costs no attempt") {
  auto run = run_of({{"only"}}, {.wait_for_space = 60s});
  run.begin(start);

  for (int i = 0; i < 2; ++i) {
    CHECK(run.failed(run.step(), start, full()).move == job_move::wait_for_space);
    CHECK(run.wake(run.step()).move == job_move::step);
  }
  CHECK(run.waits_for_space() == 2);
  for (int i = 0; i < 2; ++i) { // the patience is at its end
    CHECK(run.failed(run.step(), start, full()).move == job_move::wait);
    run.wake(run.step());
  }
  CHECK(run.failed(run.step(), start, full()).move == job_move::end);
}

TEST_CASE("damaged data is repaired once in a job, and the step done over") {
  auto run = run_of(
    {{"first", on_failure::end_phase, true}, {"second", on_failure::end_phase, true}});
  run.begin(start);

  CHECK(run.failed(run.step(), start, damage()).move == job_move::repair);
  CHECK(run.more(run.step()).move == job_move::repair);
  CHECK(run.failed(run.step(), start, passing()).move == job_move::wait);
  CHECK(run.wake(run.step()).move == job_move::repair);
  CHECK(run.done(run.step(), start).move == job_move::step);
  CHECK(run.rule().name == "first");
  run.done(run.step(), start);
  CHECK(run.failed(run.step(), start, damage()).move == job_move::end);
}

TEST_CASE("a job that is cancelled ends at its next step, and at once while it waits") {
  auto working = run_of({{"first"}, {"second"}});
  working.begin(start);
  CHECK(working.cancel().move == job_move::nothing);
  CHECK(working.done(working.step(), start).move == job_move::end);
  CHECK(working.record().outcome == job_outcome::cancelled);

  auto waiting = run_of({{"only"}});
  waiting.begin(start);
  waiting.failed(waiting.step(), start, passing());
  const auto timer = waiting.step();
  CHECK(waiting.cancel().move == job_move::end);
  CHECK(waiting.wake(timer).move == job_move::nothing);
  CHECK(waiting.record().outcome == job_outcome::cancelled);
}

TEST_CASE("a job that resumes another does again what is not kept, and all after it") {
  const std::vector<phase_rule> phases{{"probe", on_failure::end_phase, false, true},
                                       {"crawl", on_failure::end_phase, false, true},
                                       {"commit", on_failure::end_phase, false, true}};
  job_record cut_off;
  cut_off.phases = {{"probe", true, "", 7}, {"crawl", false, "crawl: timed out", 9}};
  auto run = run_of(phases);

  CHECK(run.begin(start, &cut_off).move == job_move::step);

  CHECK(run.rule().name == "crawl");
  CHECK(run.record().phases == std::vector<phase_result>{{"probe", true, "", 7}});
}

} // namespace
} // namespace habitd
