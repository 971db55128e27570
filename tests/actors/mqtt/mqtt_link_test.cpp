#include "actors/mqtt/mqtt_link.hpp"

#include "storage/records.hpp"
#include "tests/actor_fixture.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <boost/json.hpp>

namespace habitd {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

struct set_clock final : wall_clock {
  wall_time time{1'790'000'000'000ms};
  wall_time now() const override { return time; }
};

/// A broker of ours, which is up when the test says so.
struct made_broker {
  broker_options options;
  broker_events events;
  int connects = 0;
  int left = 0;
  std::vector<mqtt_publication> published;
  std::vector<std::string> filters;

  open_broker opener() {
    return [this](const broker_options& with,
                  broker_events tell) -> expected<broker_connection_ptr> {
      options = with;
      events = std::move(tell);
      auto made = std::make_shared<broker_connection>();
      made->connect = [this] {
        ++connects;
        return error{};
      };
      made->publish = [this](const mqtt_publication& what,
                             std::function<void(error)> done) {
        published.push_back(what);
        done({});
        return error{};
      };
      made->subscribe = [this](const std::vector<std::string>& to) {
        filters = to;
        return error{};
      };
      made->leave = [this] { ++left; };
      return broker_connection_ptr{made};
    };
  }
};

struct link_fixture : actor_fixture {
  scratch_directory scratch;
  std::shared_ptr<home_store> store = *home_store::open(scratch.options());
  made_broker broker;
  mqtt_parts parts;
  std::vector<std::pair<mqtt_command, std::function<void(command_answer)>>> asked;
  std::string level = "info";
  mqtt_actor link;

  link_fixture() {
    parts.device = {"habitd_x", "habitd", "0.1.0", ""};
    parts.settings.url = "mqtt://broker";
    parts.open = broker.opener();
    parts.store = store;
    parts.clock = std::make_shared<set_clock>();
    parts.outlet = std::make_shared<mqtt_outlet>();
    parts.status = std::make_shared<mqtt_status>();
    parts.log_level = [this] { return level; };
    parts.carry_out = [this](const mqtt_command& command, auto answer) {
      asked.emplace_back(command, answer);
    };
  }
  ~link_fixture() { stop(); }

  void start() {
    link = sys.spawn(mqtt_link, parts);
    sched.run();
  }
  void stop() {
    self->send_exit(link, caf::exit_reason::user_shutdown);
    sched.run();
  }
  void up(bool resumed = false) {
    broker.events.up(resumed);
    sched.run();
  }
  void lose() {
    broker.events.down("the connection is lost");
    sched.run();
  }
  void say(const std::string& topic, const std::string& payload, bool retained = false) {
    broker.events.message({topic, payload, retained, false});
    sched.run();
  }

  /// What was published on a topic, and forgets all.
  std::vector<std::string> told(const std::string& topic) {
    std::vector<std::string> payloads;
    for (const auto& what : broker.published)
      if (what.topic == topic)
        payloads.push_back(what.payload);
    broker.published.clear();
    return payloads;
  }

  void put_job(const std::string& id, job_outcome outcome) const {
    job_record job;
    job.id = id;
    job.outcome = outcome;
    job.started = parts.clock->now();
    job.finished = parts.clock->now() + 1'500ms;
    job.counts["patterns"] = 7;
    job.counts["suggestions"] = 3;
    batch changes;
    store->jobs.put(changes, id, to_json(job));
    REQUIRE_FALSE(store->db->write(std::move(changes)));
  }

  void put_suggestion(const std::string& id) const {
    suggestion made;
    made.id = id;
    made.title = "Lamp at seven";
    batch changes;
    store->suggestions.put(changes, id, to_json(made));
    REQUIRE_FALSE(store->db->write(std::move(changes)));
  }
};

const std::string discovery_topic = "homeassistant/device/habitd_x/config";

TEST_CASE_METHOD(link_fixture,
                 "who connects shows the device, its state, and that it is there") {
  start();
  up();

  REQUIRE(broker.published.size() == 3);
  CHECK(broker.published[0].topic == discovery_topic);
  CHECK(json::parse(broker.published[0].payload).at("components").as_object().size() ==
        9);
  CHECK(broker.published[1].topic == "habitd/state");
  CHECK(broker.published[2].topic == "habitd/status");
  CHECK(broker.published[2].payload == "online");
  for (const auto& what : broker.published)
    CHECK(what.retain);
  CHECK(broker.options.will.topic == "habitd/status");
  CHECK(broker.options.will.payload == "offline");
  CHECK(broker.options.client_id == "habitd_x");
  CHECK(broker.filters ==
        std::vector<std::string>{"habitd/cmd/+", "homeassistant/status"});
}

TEST_CASE_METHOD(link_fixture, "the device is shown anew when Home Assistant starts") {
  start();
  up();
  told("");

  say("homeassistant/status", "online");
  CHECK(told(discovery_topic).size() == 1);
  say("homeassistant/status", "offline");
  CHECK(told(discovery_topic).empty());
}

TEST_CASE_METHOD(link_fixture, "without discovery the device is taken back") {
  parts.settings.discovery = false;
  start();
  up();

  CHECK(broker.published.at(0).topic == discovery_topic);
  CHECK(broker.published.at(0).payload.empty());
}

TEST_CASE_METHOD(link_fixture, "a lost connection is tried again, ever more seldom") {
  start();
  CHECK(broker.connects == 1);
  lose();
  CHECK(broker.connects == 1);
  advance(300ms);
  CHECK(broker.connects == 2);
  lose();
  advance(300ms);
  CHECK(broker.connects == 2);
  advance(300ms);
  CHECK(broker.connects == 3);
  up(true);
  told("");
  lose();
  lose(); // the library says it twice
  advance(300ms);
  CHECK(broker.connects == 4);

  up(true);

  CHECK(told(discovery_topic).size() == 1);
  const auto figures = parts.status->figures();
  CHECK(figures.connected);
  CHECK(figures.connects == 2);
  CHECK(figures.resumed == 2);
  CHECK(figures.losses == 1);
}

TEST_CASE("waits double up to eight seconds and a fifth") {
  CHECK(wait_to_connect(1, 0) == 250ms);
  CHECK(wait_to_connect(2, 0) == 500ms);
  CHECK(wait_to_connect(6, 0) == 8s);
  CHECK(wait_to_connect(1'000'000'000, 0) == 8s);
  CHECK(wait_to_connect(1'000'000'000, 0.999) <= 9'600ms);
}

TEST_CASE_METHOD(link_fixture,
                 "a command is carried out once, and answered on its topic") {
  start();
  up();
  told("");

  say("habitd/cmd/analyze", R"({"id":"a"})");
  say("habitd/cmd/analyze", R"({"id":"a"})");
  REQUIRE(asked.size() == 1);
  asked[0].second({"accepted", "", "2026"});
  sched.run();
  asked[0].second({"done", "ok", "2026"});
  sched.run();

  const auto answers = told("habitd/result/analyze");
  REQUIRE(answers.size() == 2);
  CHECK(json::parse(answers[0]).at("status") == "accepted");
  CHECK(json::parse(answers[1]).at("status") == "done");
  CHECK(json::parse(answers[1]).at("id") == "a");
  say("habitd/cmd/analyze", R"({"id":"a"})");
  CHECK(told("habitd/result/analyze") == std::vector{answers[1]});
  CHECK(parts.status->figures().commands.at({"analyze", "accepted"}) == 1);
}

TEST_CASE_METHOD(link_fixture, "retained commands and nonsense are not carried out") {
  start();
  up();
  told("");

  say("habitd/cmd/analyze", "PRESS", true);
  say("habitd/cmd/analyze", std::string(2'000'000, '\xff'));
  say("habitd/cmd/reboot", "");
  say(discovery_topic, "{");
  say("habitd/cmd/log", "shout");

  CHECK(asked.empty());
  CHECK(broker.published.empty());
  CHECK(parts.status->figures().commands.at({"unknown", "invalid"}) == 3);
}

TEST_CASE_METHOD(link_fixture,
                 "an answer that can't leave leaves with the next connection") {
  start();
  up();
  say("habitd/cmd/analyze", R"({"id":"a"})");
  lose();
  told("");
  asked.at(0).second({"done", "ok", "2026"});
  sched.run();
  CHECK(broker.published.empty());

  advance(300ms);
  up(true);

  CHECK(told("habitd/result/analyze").size() == 1);
}

TEST_CASE_METHOD(link_fixture, "the end of a job is told through the outbox, once") {
  start();
  up();
  put_suggestion("s1");
  put_job("1", job_outcome::running);
  advance(5s);
  CHECK(code_of(store->outbox.next("mqtt").error()) == ec::not_found);
  told("");

  put_job("1", job_outcome::ok);
  advance(5s);
  advance(5s);

  const auto entries = store->outbox.list();
  REQUIRE(entries->size() == 2);
  const auto& entry = entries->at(0).second;
  CHECK(entry.target == "mqtt");
  CHECK(entry.subject == "analysis_complete");
  const auto says = json::parse(entry.payload);
  CHECK(says.at("patterns_detected") == 7);
  CHECK(says.at("suggestions_generated") == 3);
  CHECK(says.at("duration_seconds") == 1.5);
  CHECK(says.at("timestamp") == "2026-09-21T14:13:21.500Z");
  CHECK(entries->at(1).second.subject == "suggestion");
  CHECK(json::parse(entries->at(1).second.payload).at("event_type") == "new");
  const auto states = told("habitd/state");
  REQUIRE(states.size() == 1); // and no more while nothing changes
  CHECK(json::parse(states[0]).at("pending_suggestions") == 1);
  put_job("2", job_outcome::ok);
  advance(5s);
  CHECK(store->outbox.list()->size() == 3); // the suggestion is no news any more
}

TEST_CASE_METHOD(
  link_fixture,
  "in batch mode habitd connects when there is something to tell, and leaves") {
  parts.settings.live = false;
  start();
  advance(60s);
  CHECK(broker.connects == 0);

  const std::stop_token stop;
  const auto none = parts.outlet->publish({"t", "p", false}, {0ms, 0ms}, stop);
  CHECK(none.how == delivery_result::kind::failed);
  sched.run();
  CHECK(broker.connects == 1);
  up();
  CHECK(broker.filters.empty());
  CHECK(broker.options.will.topic.empty());
  CHECK(parts.outlet->publish({"t", "p", false}, {0ms, 0ms}, stop).how ==
        delivery_result::kind::delivered);
  for (int i = 0; i < 4; ++i)
    advance(5s);

  CHECK(broker.left == 1);
  CHECK_FALSE(parts.status->figures().connected);
}

TEST_CASE_METHOD(link_fixture, "who stops says so") {
  start();
  up();
  told("");

  stop();

  CHECK(told("habitd/status") == std::vector<std::string>{"offline"});
  CHECK(broker.left == 1);
}

} // namespace
} // namespace habitd
