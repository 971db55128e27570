#include "actors/runtime/scheduler.hpp"

#include "actors/runtime/failure_handlers.hpp"
#include "messages/time_text.hpp"
#include "tests/actor_fixture.hpp"

#include <deque>
#include <map>

namespace habitd {
namespace {

using namespace std::chrono_literals;

struct set_clock final : wall_clock {
  wall_time time{};
  wall_time now() const override { return time; }
};

struct end_run {
  job_outcome outcome = job_outcome::ok;
};

template <class Inspector>
auto inspect(Inspector& f, end_run& x) {
  return f(caf::meta::type_name("end_run"), x.outcome);
}

/// A job that writes a record when it begins and ends when it is told to, or at once.
struct made_job {
  std::string name;
  bool ends_at_once = true;
  std::deque<error> refusals;                          // what the next runs are answered
  std::vector<std::pair<wall_time, std::string>> runs; // begun at, trigger
  job_outcome outcome = job_outcome::ok;               // of the last run
};

/// Answers as if the worker had died.
struct break_off {};

template <class Inspector>
auto inspect(Inspector& f, break_off&) {
  return f(caf::meta::type_name("break_off"));
}

using made_job_actor =
  job_actor::extend<caf::reacts_to<end_run>, caf::reacts_to<break_off>>;

struct made_job_state {
  static constexpr const char* name = "made-job";
  made_job_state() = default;
  caf::typed_response_promise<job_ended> runner;
};

made_job_actor::behavior_type
run_made_job(made_job_actor::stateful_pointer<made_job_state> self,
             std::shared_ptr<made_job> job, std::shared_ptr<const wall_clock> clock) {
  install_failure_handlers(self);
  return {
    [=](const run_job& msg) -> caf::result<job_ended> {
      if (!job->refusals.empty()) {
        auto refusal = job->refusals.front();
        job->refusals.pop_front();
        return refusal;
      }
      job->runs.emplace_back(clock->now(), msg.trigger);
      job->outcome = job_outcome::ok;
      if (job->ends_at_once)
        return job_ended{job->name, job_outcome::ok};
      job->outcome = job_outcome::running;
      return self->state.runner = self->make_response_promise<job_ended>();
    },
    [=](const end_run& msg) {
      job->outcome = msg.outcome;
      self->state.runner.deliver(job_ended{job->name, msg.outcome});
    },
    [=](break_off) {
      self->state.runner.deliver(make_error(ec::unavailable, "it was cut off"));
    },
  };
}

/// A scheduler on the test scheduler, over records that outlive it.
struct scheduler_fixture : actor_fixture {
  std::shared_ptr<set_clock> clock = std::make_shared<set_clock>();
  std::map<std::string, schedule_record> records;
  std::map<std::string, std::shared_ptr<made_job>> jobs;
  std::map<std::string, made_job_actor> actors;
  std::vector<scheduled_job> listed;
  std::string zone = "Europe/Berlin";
  std::string doubt;
  int saves_until_failure = -1;
  scheduler_actor timer;

  scheduler_fixture() { set("2026-01-10T12:00"); }
  ~scheduler_fixture() {
    stop();
    for (auto& [name, actor] : actors)
      self->send_exit(actor, caf::exit_reason::user_shutdown);
    sched.run();
  }

  made_job& add(const std::string& name, const char* when, const char* group = "") {
    scheduled_job what;
    what.name = name;
    what.when = *parse_cron(when);
    what.group = group;
    listed.push_back(what);
    jobs[name] = std::make_shared<made_job>();
    jobs[name]->name = name;
    actors[name] =
      sys.spawn(run_made_job, jobs[name], std::shared_ptr<const wall_clock>{clock});
    return *jobs[name];
  }

  void start() {
    scheduler_parts parts;
    for (const auto& what : listed)
      parts.jobs.push_back({what, actors[what.name]});
    parts.calendar = std::make_shared<const home_calendar>(*home_calendar::open(zone));
    parts.clock = clock;
    parts.doubt = [this](wall_time) { return doubt; };
    parts.install_id = "home";
    parts.load = [this](const std::string& name) { return records[name]; };
    parts.save = [this](const std::string& name, const schedule_record& record) {
      if (saves_until_failure == 0)
        return make_error(ec::unavailable, "disk full");
      --saves_until_failure;
      records[name] = record;
      return error{};
    };
    parts.find_run = [this](const std::string& name,
                            wall_time since) -> expected<std::optional<job_outcome>> {
      const auto& job = *jobs[name];
      if (job.runs.empty() || job.runs.back().first < since)
        return std::optional<job_outcome>{};
      return std::optional{job.outcome};
    };
    timer = sys.spawn(scheduler, parts);
    sched.run();
  }

  void stop() {
    if (!timer)
      return;
    self->send_exit(timer, caf::exit_reason::kill);
    sched.run();
    timer = nullptr;
    advance(1min); // its last timer
  }

  void set(const char* utc) { clock->time = *parse_utc(std::string{utc} + ":00.000Z"); }

  /// Sets the clock and lets the scheduler look at it.
  void look_at(const char* utc) {
    set(utc);
    look();
  }
  void look() { advance(30s); }

  schedule_entry entry(std::size_t number = 0) {
    const auto status = ask<schedule_status>(timer, list_schedule{});
    REQUIRE(status);
    return status->jobs.at(number);
  }
};

TEST_CASE_METHOD(scheduler_fixture, "a year of days runs a daily job 365 times") {
  auto& job = add("daily", "30 2 * * *");
  start();
  const auto end = clock->time + 365 * 24h;

  for (; clock->time < end; clock->time += 10min)
    look();

  CHECK(job.runs.size() == 365);
  std::map<std::string, int> by_date;
  for (const auto& [at, trigger] : job.runs)
    ++by_date[home_calendar::open(zone)->format(at).substr(0, 10)];
  CHECK(by_date.size() == 365); // the changes to and from summer time included
}

TEST_CASE_METHOD(scheduler_fixture, "downtime of any length gives one run per job") {
  auto& daily = add("daily", "0 3 * * *");
  auto& weekly = add("weekly", "0 4 * * sun");
  start();

  for (const auto length : {25h, 24h * 8, 24h * 40, 24h * 400}) {
    stop();
    clock->time += length;
    const auto before = daily.runs.size(), weeks = weekly.runs.size();
    start();
    look();

    CHECK(daily.runs.size() == before + 1);
    CHECK(weekly.runs.size() == weeks + (length > 24h * 7 || weeks == 0 ? 1 : 0));
  }
  stop();
  clock->time += 1min;
  const auto before = daily.runs.size();
  start();
  CHECK(daily.runs.size() == before);
}

TEST_CASE_METHOD(scheduler_fixture, "steps of the clock neither repeat nor lose a date") {
  auto& job = add("daily", "0 3 * * *");
  start();
  look_at("2026-01-11T02:00");
  look_at("2026-01-12T02:00");
  REQUIRE(job.runs.size() == 2);

  look_at("2026-01-10T23:00"); // back over both
  look_at("2026-01-11T02:00");
  look_at("2026-01-12T02:01");
  CHECK(job.runs.size() == 2);
  look_at("2026-01-20T02:01"); // forward over eight
  look_at("2026-01-20T02:02");
  CHECK(job.runs.size() == 3);
  look_at("2026-01-21T02:00");
  CHECK(job.runs.size() == 4);
}

TEST_CASE_METHOD(scheduler_fixture, "nothing is started by a clock that isn't trusted") {
  auto& job = add("daily", "0 3 * * *");
  doubt = "it was never set";
  set("1970-01-01T00:00");
  start();
  look_at("1970-01-05T12:00");
  CHECK(job.runs.empty());
  CHECK(ask<schedule_status>(timer, list_schedule{})->clock_doubt == doubt);

  doubt.clear();
  look_at("2026-01-10T12:00");
  CHECK(job.runs.empty()); // 56 years were not missed
  look_at("2026-01-11T02:00");

  CHECK(job.runs.size() == 1);
  CHECK(ask<schedule_status>(timer, list_schedule{})->clock_doubt.empty());
}

TEST_CASE_METHOD(scheduler_fixture, "a run that lasts into the next makes it wait") {
  auto& job = add("often", "*/10 * * * *");
  job.ends_at_once = false;
  start();
  look_at("2026-01-10T12:10");
  look_at("2026-01-10T12:45");
  CHECK(job.runs.size() == 1);
  CHECK(entry().running);
  CHECK(entry().waiting_for == "often");

  tell(actors["often"], end_run{job_outcome::partial});

  CHECK(job.runs.size() == 2); // at once, and once for three
  CHECK(entry().last_outcome == job_outcome::running);
  tell(actors["often"], end_run{});
  CHECK(entry().last_outcome == job_outcome::ok);
  CHECK(entry().next_run == *parse_utc("2026-01-10T12:50:00.000Z"));
}

TEST_CASE_METHOD(scheduler_fixture, "of a group one job runs at a time") {
  auto& refresh = add("refresh", "0 3 * * *", "corpus");
  auto& analysis = add("analysis", "0 3 * * *", "corpus");
  refresh.ends_at_once = false;
  start();
  look_at("2026-01-11T02:00");
  CHECK(refresh.runs.size() == 1);
  CHECK(analysis.runs.empty());
  CHECK(entry(1).waiting_for == "refresh");
  const auto refused = ask<schedule_entry>(timer, trigger_job{"analysis", "http"});
  REQUIRE_FALSE(refused);
  CHECK(describe(refused.error()) == "busy: refresh is running");

  tell(actors["refresh"], end_run{});

  CHECK(analysis.runs.size() == 1);
}

TEST_CASE_METHOD(scheduler_fixture, "a job is run by hand with its reason, once") {
  auto& job = add("daily", "0 3 * * *");
  job.ends_at_once = false;
  start();

  const auto begun = ask<schedule_entry>(timer, trigger_job{"daily", "http"});
  REQUIRE(begun);
  CHECK(begun->running);
  CHECK(job.runs.back().second == "http");
  const auto again = ask<schedule_entry>(timer, trigger_job{"daily", "http"});
  REQUIRE_FALSE(again);
  CHECK(describe(again.error()) == "busy: daily is running");
  const auto unknown = ask<schedule_entry>(timer, trigger_job{"weekly", "http"});
  REQUIRE_FALSE(unknown);
  CHECK(describe(unknown.error()) == "not found: no job weekly; there are: daily");
  tell(actors["daily"], end_run{});

  look_at("2026-01-11T02:00"); // its time comes all the same
  CHECK(job.runs.size() == 2);
  CHECK(job.runs.back().second == "schedule");
}

TEST_CASE_METHOD(scheduler_fixture,
                 "a run cut off between its record and its begin is begun again, once") {
  auto& job = add("daily", "0 3 * * *");
  job.refusals = {make_error(ec::unavailable, "the process dies here")};
  start();
  look_at("2026-01-11T02:00");
  REQUIRE(job.runs.empty());
  REQUIRE(records["daily"].last_outcome == job_outcome::running);
  stop();
  clock->time += 1h;

  start();
  CHECK(job.runs.size() == 1);
  look();

  CHECK(job.runs.size() == 1);
  CHECK(job.runs[0].second == "schedule");
  CHECK(entry().last_outcome == job_outcome::ok);
}

TEST_CASE_METHOD(scheduler_fixture,
                 "a run cut off after its begin is left to those who resume it") {
  auto& job = add("daily", "0 3 * * *");
  job.ends_at_once = false;
  start();
  look_at("2026-01-11T02:00");
  REQUIRE(job.runs.size() == 1);
  stop();

  start(); // somebody resumes it
  look();
  CHECK(entry().running);
  job.outcome = job_outcome::partial;
  look();

  CHECK_FALSE(entry().running);
  CHECK(entry().last_outcome == job_outcome::partial);
  CHECK(job.runs.size() == 1);
  look_at("2026-01-12T02:00");
  CHECK(job.runs.size() == 2);
}

TEST_CASE_METHOD(scheduler_fixture, "a run that ended before a crash is not repeated") {
  auto& job = add("daily", "0 3 * * *");
  start();
  look_at("2026-01-11T02:00");
  records["daily"].last_outcome = job_outcome::running; // the end was not written
  stop();

  start();
  look();

  CHECK(job.runs.size() == 1);
  CHECK(entry().last_outcome == job_outcome::ok);
}

TEST_CASE_METHOD(scheduler_fixture, "no run begins that could not be written down") {
  auto& job = add("daily", "0 3 * * *");
  start();
  saves_until_failure = 0;
  look_at("2026-01-11T02:00");
  CHECK(job.runs.empty());

  saves_until_failure = -1;
  look();

  CHECK(job.runs.size() == 1);
}

TEST_CASE_METHOD(scheduler_fixture, "a worker that is away is tried three times") {
  auto& job = add("daily", "0 3 * * *");
  start();
  job.refusals.assign(2, make_error(ec::unavailable, "restarting"));
  look_at("2026-01-11T02:00");
  look();
  look();
  CHECK(job.runs.size() == 1);

  job.refusals.assign(3, make_error(ec::unavailable, "restarting"));
  look_at("2026-01-12T02:00");
  for (int i = 0; i < 5; ++i)
    look();
  CHECK(job.runs.size() == 1);
  CHECK(entry().last_outcome == job_outcome::failed);
}

TEST_CASE_METHOD(scheduler_fixture,
                 "a run whose worker dies is not doubled when the worker resumes it") {
  auto& job = add("daily", "0 3 * * *");
  job.ends_at_once = false;
  start();
  look_at("2026-01-11T02:00");
  tell(actors["daily"], break_off{}); // and resumes: the record says it is running
  look();
  CHECK(entry().running);

  job.outcome = job_outcome::ok;
  look();
  look();

  CHECK(job.runs.size() == 1);
  CHECK_FALSE(entry().running);
  CHECK(entry().last_outcome == job_outcome::ok);
}

TEST_CASE_METHOD(scheduler_fixture, "a run that finds its job busy waits for it") {
  auto& job = add("daily", "0 3 * * *");
  start();
  job.refusals.assign(20, make_error(ec::busy, "started by somebody else"));
  look_at("2026-01-11T02:00");
  for (int i = 0; i < 25; ++i)
    look();

  CHECK(job.runs.size() == 1);
  CHECK(job.runs[0].second == "schedule");
}

} // namespace
} // namespace habitd
