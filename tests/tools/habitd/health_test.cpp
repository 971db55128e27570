#include "storage/records.hpp"
#include "tests/actor_fixture.hpp"
#include "tools/habitd/admin_routes.hpp"
#include "tools/habitd/scratch_directory.hpp"

#include <boost/json.hpp>

namespace habitd {
namespace {

namespace json = boost::json;

struct stopped_clock final : wall_clock {
  wall_time now() const override { return wall_time{std::chrono::hours{24}}; }
};

job_carrier_actor::behavior_type idle_analysis(job_carrier_actor::pointer) {
  return {
    [](const start_job&) { return std::string{}; },
    [](const run_job&) { return job_ended{}; },
    [](await_job) { return job_status{}; },
    [](const cancel_job&) { return cancel_answer{}; },
    [](get_job_status) { return job_status{}; },
  };
}

struct health_fixture : actor_fixture {
  expected<scratch_directory> scratch = scratch_directory::make();
  admin_sources sources;

  health_fixture() {
    sources.system = &sys;
    sources.analysis = sys.spawn(idle_analysis);
    sources.store =
      *home_store::open({.directory = scratch->path() / "store", .sync = false});
    sources.clock = std::make_shared<stopped_clock>();
    sources.board = std::make_shared<health_board>(sources.clock);
  }
  ~health_fixture() {
    self->send_exit(sources.analysis, caf::exit_reason::user_shutdown);
  }

  void put_job(const std::string& id, job_outcome outcome) const {
    job_record job;
    job.id = id;
    job.outcome = outcome;
    job.problem = "it rains";
    batch changes;
    sources.store->jobs.put(changes, id, to_json(job));
    REQUIRE_FALSE(sources.store->db->write(std::move(changes)));
  }

  json::object health() {
    std::string body;
    for (const auto& route : admin_routes(sources))
      if (route.pattern == "/health")
        route.handle({}, [&body](const http_response& answer) { body = answer.body; });
    sched.run();
    return json::parse(body).as_object();
  }
};

TEST_CASE_METHOD(health_fixture, "health says that the clock can't be trusted, and why") {
  CHECK(health().at("status") == "ok");
  CHECK(health().at("components").at("clock").at("state") == "ok");

  sources.doubt = [](wall_time now) {
    return now < wall_time{std::chrono::hours{48}} ? "it shows 1970" : "";
  };

  const auto told = health();
  CHECK(told.at("status") == "degraded");
  const auto& clock = told.at("components").at("clock");
  CHECK(clock.at("state") == "degraded");
  CHECK_THAT(std::string{clock.at("problem").as_string()},
             Catch::Contains("it shows 1970"));
}

TEST_CASE_METHOD(health_fixture,
                 "health tells of the last job, unless somebody cancelled it") {
  put_job("1", job_outcome::failed);
  CHECK(health().at("components").at("analysis").at("problem") == "it rains");

  put_job("2", job_outcome::cancelled);

  CHECK(health().at("components").at("analysis").at("state") == "ok");
}

} // namespace
} // namespace habitd
