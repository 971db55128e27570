// The analysis as a job of the scheduler: the answer comes when it has ended.

#include "tests/actors/analysis/analysis_fixture.hpp"

namespace habitd {
namespace {

using namespace std::chrono_literals;

struct job_fixture : analysis_fixture {
  /// Asks for a run and lets a minute pass.
  expected<job_ended> run() {
    auto response = self->request(analyst, caf::infinite, run_job{"schedule"});
    sched.run();
    for (int i = 0; i < 30; ++i)
      advance(2s);
    expected<job_ended> result{error{}};
    response.receive([&](job_ended& how) { result = std::move(how); },
                     [&](error& err) { result = std::move(err); });
    return result;
  }

  job_record job() { return *ask<job_status>(analyst, get_job_status{})->job; }
};

TEST_CASE("a run as a job is answered when it has ended, with its outcome") {
  job_fixture home;
  auto how = home.run();
  REQUIRE(how);
  CHECK(how->id == home.job().id);
  CHECK(how->outcome == job_outcome::ok);
  CHECK(home.job().trigger == "schedule");

  home.clock->time += 1h;
  home.fail_reads = 100;
  how = home.run();

  REQUIRE(how);
  CHECK(how->id == home.job().id);
  CHECK(how->outcome == job_outcome::partial);
}

TEST_CASE("a run as a job is refused while another runs, which goes on") {
  job_fixture home;
  home.fail_reads = 1; // so that it waits a second
  REQUIRE(home.ask<std::string>(home.analyst, start_job{"http"}));

  const auto refused = home.ask<job_ended>(home.analyst, run_job{"schedule"});

  REQUIRE_FALSE(refused);
  CHECK(code_of(refused.error()) == ec::busy);
  for (int i = 0; i < 10; ++i)
    home.advance(2s);
  CHECK(home.job().outcome == job_outcome::ok);
  CHECK(home.job().trigger == "http");
}

TEST_CASE("who asked for a run is told when the analysis ends in the middle of it") {
  job_fixture home;
  home.fail_reads = 1;
  auto response = home.self->request(home.analyst, caf::infinite, run_job{"schedule"});
  home.sched.run();

  home.self->send_exit(home.analyst, caf::exit_reason::kill);
  home.sched.run();

  error reason;
  response.receive([](job_ended&) {}, [&](error& err) { reason = std::move(err); });
  CHECK(code_of(reason) == ec::unavailable);
  home.advance(2s);
}

} // namespace
} // namespace habitd
