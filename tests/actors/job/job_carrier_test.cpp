// A job of a kind that the engine has never heard of.

#include "tests/actors/job/job_fixture.hpp"

#include <algorithm>

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr int parts = 5;

/// What the phases of one job share.
struct toy {
  int next = 0;
};

job_phase cut_phase(const std::shared_ptr<toy_shop>& shop,
                    const std::shared_ptr<toy>& made) {
  job_phase phase;
  phase.name = "cut";
  phase.is_kept = true;
  phase.failing = on_failure::set_aside;
  phase.step = [shop, made](step_report report) {
    if (made->next == parts)
      return report.done();
    report.progress(made->next / double{parts});
    const int part = made->next;
    if (std::find(shop->broken.begin(), shop->broken.end(), part) != shop->broken.end())
      return report.failed(make_error(ec::invalid_input, "no wood"));
    shop->cut.push_back(part);
    report.count("parts");
    ++made->next;
    report.more();
  };
  phase.set_aside = [made](step_report report, const error& reason) {
    report.problem("part " + std::to_string(made->next) + ": " + describe(reason));
    ++made->next;
    return true;
  };
  return phase;
}

job_phase paint_phase(const std::shared_ptr<toy_shop>& shop) {
  job_phase phase;
  phase.name = "paint";
  phase.step = [shop](step_report report) {
    if (shop->hangs)
      return shop->unanswered.push_back(report);
    if (shop->fail_paint > 0 && shop->fail_paint-- > 0)
      return report.failed(make_error(ec::unavailable, "no colour"));
    shop->painted.push_back(1);
    report.note("one coat");
    report.done();
  };
  return phase;
}

} // namespace

job_kind toy_kind(const std::shared_ptr<toy_shop>& shop) {
  job_kind kind;
  kind.name = "toys";
  kind.counts = {"parts"};
  kind.phases = [shop](const job_record& begun) {
    shop->seen_bookmark = begun.bookmark;
    const auto made = std::make_shared<toy>();
    return std::vector{cut_phase(shop, made), paint_phase(shop)};
  };
  kind.after_crash = [shop](const job_record& cut_off) {
    shop->crashed.push_back(cut_off.id);
  };
  return kind;
}

job_fixture::job_fixture() {
  store = *home_store::open(scratch.options());
  carrier = start();
}

job_fixture::~job_fixture() {
  self->send_exit(carrier, caf::exit_reason::user_shutdown);
  sched.run();
}

job_carrier_actor job_fixture::start() {
  return sys.spawn(job_carrier, toy_kind(shop), store,
                   std::shared_ptr<const wall_clock>{clock}, options);
}

void job_fixture::begin_anew(caf::exit_reason why) {
  self->send_exit(carrier, why);
  sched.run();
  clock->time += 1min;
  options.resume = true;
  carrier = start();
  sched.run();
}

std::vector<job_record> job_fixture::jobs() const {
  std::vector<job_record> result;
  const auto stored = store->jobs.list();
  REQUIRE(stored);
  for (const auto& [id, text] : *stored)
    result.push_back(*job_from_json(text));
  return result;
}

namespace {

TEST_CASE_METHOD(job_fixture,
                 "a job of any kind runs to its end, and its record says how") {
  const auto id = ask<std::string>(carrier, start_job{"test"});

  REQUIRE(id);
  CHECK(shop->cut == std::vector{0, 1, 2, 3, 4});
  CHECK(shop->painted.size() == 1);
  CHECK(last().id == *id);
  CHECK(last().kind == "toys");
  CHECK(last().trigger == "test");
  CHECK(last().outcome == job_outcome::ok);
  CHECK(last().finished == clock->now());
  CHECK(count_of(last(), "parts") == 5);
  CHECK(last().notes == std::vector<std::string>{"one coat"});
  REQUIRE(last().phases.size() == 2);
  CHECK(last().phases[0].phase == "cut");
  CHECK_FALSE(status().running);
}

TEST_CASE_METHOD(job_fixture, "an item that fails is passed over, and told") {
  shop->broken = {1, 4};

  tell(carrier, start_job{"test"});

  CHECK(shop->cut == std::vector{0, 2, 3});
  CHECK(last().outcome == job_outcome::partial);
  CHECK(last().problem == "part 1: invalid input: no wood");
}

TEST_CASE_METHOD(job_fixture,
                 "a run is answered when it ends, and while it lasts no other "
                 "begins") {
  shop->fail_paint = 1;
  auto run = self->request(carrier, caf::infinite, run_job{"schedule"});
  sched.run();
  CHECK(status().running);
  CHECK(status().phase == "paint");
  CHECK(status().waits_for == "unavailable: no colour");
  CHECK(code_of(ask<std::string>(carrier, start_job{"test"}).error()) == ec::busy);

  advance(1s);

  job_ended how;
  run.receive([&](job_ended& told) { how = told; }, [](const error&) {});
  CHECK(how.id == last().id);
  CHECK(how.outcome == job_outcome::ok);
}

TEST_CASE_METHOD(job_fixture,
                 "whoever awaits a job is told of its end, or of the carrier's") {
  shop->fail_paint = 1;
  tell(carrier, start_job{"test"});
  auto first = self->request(carrier, caf::infinite, await_job{});
  sched.run();
  advance(1s);
  bool ended = false;
  first.receive([&](const job_status& now) { ended = !now.running; },
                [](const error&) {});
  CHECK(ended);

  shop->hangs = true;
  tell(carrier, start_job{"test"});
  auto second = self->request(carrier, caf::infinite, await_job{});
  sched.run();
  self->send_exit(carrier, caf::exit_reason::kill);
  sched.run();
  error reason;
  second.receive([](const job_status&) {}, [&](const error& why) { reason = why; });
  CHECK(code_of(reason) == ec::unavailable);
}

TEST_CASE_METHOD(job_fixture, "reports of a step that is over change nothing") {
  shop->hangs = true;
  tell(carrier, start_job{"test"});
  REQUIRE(shop->unanswered.size() == 1);
  const auto report = shop->unanswered[0];
  const auto id = status().job->id;
  shop->hangs = false;
  report.failed(make_error(ec::unavailable, "no colour"));
  report.done();
  report.count("parts", 100);
  CHECK(status().running);

  advance(1s);
  report.problem("too late");

  CHECK(last().id == id);
  CHECK(last().outcome == job_outcome::ok);
  CHECK(count_of(last(), "parts") == 5);
}

TEST_CASE_METHOD(job_fixture, "a job is cancelled by its id, and one that ended is not") {
  shop->fail_paint = 1;
  const auto id = ask<std::string>(carrier, start_job{"test"});

  const auto now = ask<cancel_answer>(carrier, cancel_job{*id});
  const auto later = ask<cancel_answer>(carrier, cancel_job{*id});

  REQUIRE(now);
  CHECK(now->outcome == job_outcome::running);
  CHECK(later->outcome == job_outcome::cancelled);
  CHECK(last().outcome == job_outcome::cancelled);
  CHECK(code_of(ask<cancel_answer>(carrier, cancel_job{"1"}).error()) == ec::not_found);
}

} // namespace
} // namespace habitd
