#include "actors/alerts/alerts.hpp"

#include "actors/outbox/outbox.hpp"
#include "actors/runtime/failure_handlers.hpp"
#include "storage/records.hpp"
#include "tests/actor_fixture.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <boost/json.hpp>

namespace habitd {
namespace {

using namespace std::chrono_literals;

struct set_clock final : wall_clock {
  wall_time time{1'790'000'000'000ms};
  wall_time now() const override { return time; }
};

struct alerts_fixture : actor_fixture {
  scratch_directory scratch;
  std::shared_ptr<home_store> store;
  std::shared_ptr<set_clock> clock = std::make_shared<set_clock>();
  int told = 0; // that the outbox changed
  outbox_actor desk;
  alert_actor alarms;

  alerts_fixture() {
    auto opened = home_store::open(scratch.options());
    REQUIRE(opened);
    store = *opened;
    const auto counting = [this](outbox_actor::pointer actor) {
      install_failure_handlers(actor);
      return outbox_actor::behavior_type{
        [this](outbox_changed) { ++told; },
        [](retry_dead_letter) -> caf::result<std::string> {
          return make_error(ec::busy);
        }};
    };
    desk = sys.spawn(counting);
  }
  ~alerts_fixture() {
    stop();
    self->send_exit(desk, caf::exit_reason::user_shutdown);
    sched.run();
  }

  void start() {
    alarms = sys.spawn(alerts, store, std::shared_ptr<const wall_clock>{clock},
                       std::vector<std::string>{"file", "webhook"}, desk);
    sched.run();
  }
  void stop() {
    self->send_exit(alarms, caf::exit_reason::user_shutdown);
    sched.run();
  }

  void pass(std::chrono::seconds time) {
    clock->time += time;
    advance(time);
  }

  std::vector<alert> listed() {
    const auto stored = store->alerts.list();
    REQUIRE(stored);
    std::vector<alert> all;
    for (const auto& [key, text] : *stored)
      all.push_back(*alert_from_json(text));
    return all;
  }

  /// "raised job_failed" and so on, of what waits for one target.
  std::vector<std::string> told_to(const std::string& target) const {
    std::vector<std::string> events;
    const auto rows = store->outbox.list();
    REQUIRE(rows);
    for (const auto& [key, entry] : *rows) {
      if (entry.target != target || entry.dead)
        continue;
      const auto body = boost::json::parse(entry.payload).as_object();
      events.push_back(std::string{body.at("event").as_string()} + " " +
                       std::string{body.at("code").as_string()});
    }
    return events;
  }

  void end_job(const std::string& id, job_outcome outcome,
               const std::string& kind = "analysis") const {
    job_record job;
    job.id = id;
    job.kind = kind;
    job.outcome = outcome;
    job.problem = outcome == job_outcome::ok ? "" : "no such file";
    batch changes;
    store->jobs.put(changes, id, to_json(job));
    REQUIRE_FALSE(store->db->write(std::move(changes)));
  }

  void bury_one() const {
    batch stage;
    REQUIRE(
      store->outbox.stage(stage, {.target = "webhook", .last_error = "status 404"}));
    REQUIRE_FALSE(store->db->write(std::move(stage)));
    batch bury;
    REQUIRE_FALSE(store->outbox.bury(bury, *store->outbox.next("webhook")));
    REQUIRE_FALSE(store->db->write(std::move(bury)));
  }
};

TEST_CASE_METHOD(alerts_fixture, "an alert is told once, however often it is raised") {
  start();
  tell(alarms, raise_alert{"branch_down", "mqtt", "no broker"});
  pass(1s);
  tell(alarms, raise_alert{"branch_down", "mqtt", "still no broker"});

  REQUIRE(listed().size() == 1);
  const auto one = listed().front();
  CHECK(one.count == 2);
  CHECK(one.text == "still no broker");
  CHECK(one.last_seen - one.raised == 1s);
  CHECK(told_to("file") == std::vector<std::string>{"raised branch_down"});
  CHECK(told_to("webhook").size() == 1);
  CHECK(told == 1);
}

TEST_CASE_METHOD(alerts_fixture, "clearing is told once, and what comes back is new") {
  start();
  tell(alarms, clear_alert{"branch_down", "mqtt"}); // nothing to clear
  tell(alarms, raise_alert{"branch_down", "mqtt", "a"});
  pass(1s);
  tell(alarms, clear_alert{"branch_down", "mqtt"});
  tell(alarms, clear_alert{"branch_down", "mqtt"});
  pass(1s);
  tell(alarms, raise_alert{"branch_down", "mqtt", "b"});

  CHECK(told_to("file") == std::vector<std::string>{"raised branch_down",
                                                    "cleared branch_down",
                                                    "raised branch_down"});
  REQUIRE(listed().size() == 2);
  CHECK(listed().at(0).text == "b");
  CHECK(listed().at(0).count == 1);
  CHECK(listed().at(1).cleared - listed().at(1).raised == 1s);
}

TEST_CASE_METHOD(alerts_fixture, "alerts of other subjects and codes are others") {
  start();
  tell(alarms, raise_alert{"branch_down", "mqtt", ""});
  tell(alarms, raise_alert{"branch_down", "http", ""});
  tell(alarms, raise_alert{"job_failed", "mqtt", ""});
  tell(alarms, clear_alert{"branch_down", "mqtt"});

  CHECK(store->alerts.all_active()->size() == 2);
}

TEST_CASE_METHOD(alerts_fixture, "what is raised stays so over a restart") {
  start();
  tell(alarms, raise_alert{"branch_down", "mqtt", "a"});
  stop();
  start();
  tell(alarms, raise_alert{"branch_down", "mqtt", "a"});

  CHECK(listed().size() == 1);
  CHECK(told_to("file").size() == 1);
}

TEST_CASE_METHOD(alerts_fixture, "an alert is forgotten a year after it was cleared") {
  start();
  tell(alarms, raise_alert{"branch_down", "mqtt", "a"});
  tell(alarms, raise_alert{"branch_down", "http", "stays active"});
  tell(alarms, clear_alert{"branch_down", "mqtt"});
  pass(std::chrono::hours{24 * 364});
  CHECK(listed().size() == 2);

  pass(std::chrono::hours{48});

  CHECK(listed().size() == 1);
}

TEST_CASE_METHOD(alerts_fixture, "odd codes are refused, odd texts made harmless") {
  start();
  self->send(alarms, raise_alert{"no/good", "x", ""});
  self->send(alarms, raise_alert{"good", "", ""});
  tell(alarms, raise_alert{"good", "bytes \xff", std::string(3000, '\xc3')});

  REQUIRE(listed().size() == 1);
  CHECK(listed().front().subject == "bytes ?");
  CHECK(listed().front().text == std::string(1000, '?'));
}

TEST_CASE_METHOD(alerts_fixture,
                 "a job that fails raises an alert, the next good one clears it") {
  start();
  end_job("1", job_outcome::failed);
  pass(15s);
  REQUIRE(listed().size() == 1);
  CHECK(listed().front().code == "job_failed");
  CHECK(listed().front().subject == "analysis");
  CHECK(listed().front().text == "job 1 ended failed: no such file");
  end_job("2", job_outcome::interrupted); // says neither
  end_job("3", job_outcome::ok, "refresh");
  pass(15s);
  CHECK(store->alerts.all_active()->size() == 1);
  end_job("4", job_outcome::ok);

  pass(15s); // nobody tells

  CHECK(store->alerts.all_active()->empty());
  CHECK(told_to("file") ==
        std::vector<std::string>{"raised job_failed", "cleared job_failed"});
}

TEST_CASE_METHOD(alerts_fixture, "each end of a job counts once, over restarts too") {
  start();
  end_job("1", job_outcome::failed);
  pass(15s);
  end_job("2", job_outcome::running, "refresh");
  end_job("3", job_outcome::partial);
  pass(15s);
  pass(15s);
  stop();
  start();
  CHECK(listed().front().count == 2);
  end_job("2", job_outcome::failed, "refresh");

  pass(15s);

  CHECK(store->alerts.all_active()->size() == 2);
  CHECK(listed().front().count == 2);
}

TEST_CASE_METHOD(alerts_fixture,
                 "of jobs from before there were alerts the last counts") {
  end_job("1", job_outcome::failed, "refresh");
  end_job("2", job_outcome::failed);

  start();

  REQUIRE(listed().size() == 1);
  CHECK(listed().front().subject == "analysis");
}

TEST_CASE_METHOD(alerts_fixture, "dead letters raise an alert until there are none") {
  start();
  bury_one();
  pass(15s);
  REQUIRE(listed().size() == 1);
  CHECK(listed().front().code == "dead_letters");
  CHECK(listed().front().subject == "webhook");
  CHECK(listed().front().text == "1 could not be delivered; the last one: status 404");
  pass(15s);
  CHECK(listed().front().count == 1);
  bury_one();
  pass(15s);
  CHECK(listed().front().count == 2);
  const auto letters = store->outbox.dead_letters();
  batch changes;
  for (const auto& letter : *letters)
    store->outbox.revive(changes, letter);
  REQUIRE_FALSE(store->db->write(std::move(changes)));

  pass(15s);

  CHECK(store->alerts.all_active()->empty());
}

TEST_CASE_METHOD(alerts_fixture,
                 "an alert and what tells of it are committed together or not at all") {
  const alert_book book{store, {"file", "webhook"}};
  {
    batch dropped;
    CHECK(*book.raise(dropped, {"branch_down", "mqtt", ""}, clock->time) ==
          alert_change::news);
  }
  CHECK(store->alerts.all_active()->empty());
  CHECK(store->outbox.list()->empty());
  batch changes;
  CHECK(*book.raise(changes, {"branch_down", "mqtt", ""}, clock->time) ==
        alert_change::news);
  REQUIRE_FALSE(store->db->write(std::move(changes)));

  CHECK(store->alerts.all_active()->size() == 1);
  CHECK(store->outbox.list()->size() == 2);
}

} // namespace
} // namespace habitd
