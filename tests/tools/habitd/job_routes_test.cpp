#include "tools/habitd/job_routes.hpp"

#include "storage/records.hpp"
#include "tests/actor_fixture.hpp"
#include "tools/habitd/scratch_directory.hpp"

#include <boost/json.hpp>

#include <functional>

namespace habitd {
namespace {

/// What the stand-ins are asked, and what they answer.
struct job_house {
  job_status status; // of the analysis
  cancel_answer cancelled;
  error start_refused;
  error trigger_refused;
  std::function<void()> on_trigger; // the scheduler begins something
  int triggered = 0;
  int started = 0;
};

void has_job(job_house& house, const std::string& id, bool running) {
  job_record job;
  job.id = id;
  job.outcome = running ? job_outcome::running : job_outcome::ok;
  house.status.running = running;
  house.status.job = std::make_shared<const job_record>(job);
}

job_carrier_actor::behavior_type stand_in_analysis(job_carrier_actor::pointer,
                                                   job_house* house) {
  return {
    [house](const start_job&) -> caf::result<std::string> {
      ++house->started;
      if (house->start_refused)
        return house->start_refused;
      return std::string{"direct"};
    },
    [](const run_job&) { return job_ended{}; },
    [house](await_job) { return house->status; },
    [house](const cancel_job&) { return house->cancelled; },
    [house](get_job_status) { return house->status; },
  };
}

scheduler_actor::behavior_type stand_in_scheduler(scheduler_actor::pointer,
                                                  job_house* house) {
  return {
    [house](const trigger_job& msg) -> caf::result<schedule_entry> {
      CHECK(msg.name == "analysis");
      CHECK(msg.reason == "http");
      ++house->triggered;
      if (house->trigger_refused)
        return house->trigger_refused;
      if (house->on_trigger)
        house->on_trigger();
      return schedule_entry{};
    },
    [](list_schedule) { return schedule_status{}; },
  };
}

struct routes_fixture : actor_fixture {
  expected<scratch_directory> scratch = scratch_directory::make();
  std::shared_ptr<home_store> store =
    *home_store::open({.directory = scratch->path() / "store", .sync = false});
  job_house house;
  job_carrier_actor analysis = sys.spawn(stand_in_analysis, &house);
  scheduler_actor scheduler = sys.spawn(stand_in_scheduler, &house);

  http_response call(const std::string& method, const std::string& pattern,
                     http_request request = {}) {
    http_response result;
    result.status = 0;
    for (const auto& route : job_routes(sys, store, analysis, scheduler))
      if (route.method == method && route.pattern == pattern)
        route.handle(std::move(request),
                     [&result](http_response answer) { result = std::move(answer); });
    sched.run();
    return result;
  }

  http_response trigger() { return call("POST", "/api/analyze/trigger"); }

  std::vector<std::string> listed(std::map<std::string, std::string> query) {
    http_request request;
    request.query = std::move(query);
    const auto answer = call("GET", "/api/v1/jobs", std::move(request));
    REQUIRE(answer.status == 200);
    std::vector<std::string> ids;
    const auto body = boost::json::parse(answer.body);
    for (const auto& item : body.at("items").as_array())
      ids.emplace_back(item.at("id").as_string());
    return ids;
  }

  ~routes_fixture() {
    self->send_exit(analysis, caf::exit_reason::user_shutdown);
    self->send_exit(scheduler, caf::exit_reason::user_shutdown);
  }
};

TEST_CASE_METHOD(routes_fixture,
                 "an analysis is begun by the scheduler, which excludes others") {
  has_job(house, "1", false);
  house.on_trigger = [this] { has_job(house, "2", true); };

  const auto answer = trigger();

  CHECK(answer.status == 202);
  CHECK(answer.body == R"({"job":"2"})");
  CHECK(house.started == 0);
}

TEST_CASE_METHOD(routes_fixture,
                 "an analysis is refused while it, or what excludes it, runs") {
  house.trigger_refused = make_error(ec::busy, "refresh is running");
  const auto excluded = trigger();
  has_job(house, "1", true);
  const auto running = trigger();

  CHECK(excluded.status == 409);
  CHECK_THAT(*excluded.detail, Catch::Contains("refresh is running"));
  CHECK(running.status == 409);
  CHECK_THAT(*running.detail, Catch::Contains("analysis 1 is running"));
  CHECK(house.triggered == 1);
  CHECK(house.started == 0);
}

TEST_CASE_METHOD(routes_fixture,
                 "an analysis is begun directly while the scheduler is down") {
  house.trigger_refused = make_error(ec::unavailable, "scheduler is down");

  const auto answer = trigger();

  CHECK(answer.status == 202);
  CHECK(answer.body == R"({"job":"direct"})");
  CHECK(house.started == 1);
}

TEST_CASE_METHOD(routes_fixture,
                 "an analysis that the scheduler could not begin has no id") {
  has_job(house, "1", false);

  CHECK(trigger().status == 503);
}

TEST_CASE_METHOD(routes_fixture, "a job that runs is cancelled; one that ended is not") {
  http_request request;
  request.path_parameters["id"] = "7";
  const auto running = call("POST", "/api/v1/jobs/{id}/cancel", request);
  house.cancelled.outcome = job_outcome::partial;
  const auto ended = call("POST", "/api/v1/jobs/{id}/cancel", request);

  CHECK(running.status == 202);
  CHECK(running.body == R"({"job":"7"})");
  CHECK(ended.status == 409);
  CHECK(*ended.detail == "job 7 does not run: it ended partial");
}

TEST_CASE_METHOD(routes_fixture,
                 "jobs are listed newest first, or oldest, page by page") {
  batch changes;
  for (const auto* id : {"1", "2", "3"}) {
    job_record job;
    job.id = id;
    store->jobs.put(changes, id, to_json(job));
  }
  REQUIRE_FALSE(store->db->write(std::move(changes)));
  using ids = std::vector<std::string>;

  CHECK(listed({}) == ids{"3", "2", "1"});
  CHECK(listed({{"limit", "2"}}) == ids{"3", "2"});
  CHECK(listed({{"limit", "2"}, {"after", "2"}}) == ids{"1"});
  CHECK(listed({{"order", "newest"}, {"limit", "1"}}) == ids{"3"});
  CHECK(listed({{"order", "oldest"}, {"limit", "1"}, {"after", "1"}}) == ids{"2"});
  http_request wrong;
  wrong.query["order"] = "random";
  CHECK(call("GET", "/api/v1/jobs", wrong).status == 400);
}

} // namespace
} // namespace habitd
