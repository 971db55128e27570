// The daemon on a real broker.

#include "tests/end_to_end/mosquitto.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>

namespace habitd {
namespace {

namespace json = boost::json;

/// A home whose analysis is over at once, and not wholly well: it has no events.
struct broker_home {
  test_directory dir;
  int port = free_port();

  explicit broker_home(const std::string& mqtt_lines) {
    write_file(dir / "habitd.yaml", "storage: {directory: " + (dir / "state") +
                                      "}\nhttp: {port: " + std::to_string(port) +
                                      "}\nevents: {recorder: no-such.db}\nmqtt:\n" +
                                      mqtt_lines);
  }

  std::vector<std::string> run() const {
    return {habitd_path(), "run", "--config", dir / "habitd.yaml"};
  }

  std::string get(const std::string& path) const {
    return run_program({"/usr/bin/curl", "-s", "-m", "20", "--retry", "50",
                        "--retry-connrefused", "--retry-delay", "1",
                        "http://127.0.0.1:" + std::to_string(port) + path})
      .out;
  }
};

std::string on(const mosquitto& broker) {
  return "  url: " + broker.url() + "\n";
}

bool is_discovery(const mqtt_listener::message& said) {
  return said.topic.starts_with("homeassistant/device/habitd_") && !said.payload.empty();
}

TEST_CASE("the daemon shows itself, takes a command, and tells how the job ended",
          "[mqtt]") {
  if (!has_mosquitto())
    return;
  mosquitto broker;
  broker.start();
  mqtt_listener listener{broker};
  const broker_home home{on(broker)};
  program daemon{home.run()};
  REQUIRE(listener.next("habitd/status", "online"));
  const auto shown = listener.next(is_discovery);
  REQUIRE(shown);
  CHECK(json::parse(shown->payload).at("components").as_object().size() == 9);

  listener.publish("habitd/cmd/analyze", R"({"id":"from-test"})");

  const auto accepted = listener.next("habitd/result/analyze");
  REQUIRE(accepted);
  const auto begun = json::parse(accepted->payload);
  CHECK(begun.at("status") == "accepted");
  CHECK(begun.at("id") == "from-test");
  const auto ended = listener.next("habitd/result/analyze");
  REQUIRE(ended);
  CHECK(json::parse(ended->payload).at("status") == "done");
  const auto complete = listener.next("ha-ai/status/analysis_complete");
  REQUIRE(complete);
  CHECK_FALSE(complete->retained);
  const auto says = json::parse(complete->payload);
  CHECK(says.at("job") == begun.at("job"));
  CHECK(says.at("outcome") == "partial");
  CHECK(says.at("trigger") == "mqtt");
  CHECK_FALSE(says.at("phases").at("read").at("ok").as_bool());
  const auto alert = listener.next("habitd/alert");
  REQUIRE(alert);
  CHECK(json::parse(alert->payload).at("code") == "job_failed");
  CHECK(listener.next([](const auto& said) {
    return said.topic == "habitd/state" &&
           json::parse(said.payload).at("problem").as_bool();
  }));
  CHECK_THAT(
    home.get("/metrics"),
    Catch::Contains("habitd_mqtt_connected 1\n") &&
      Catch::Contains(
        "habitd_mqtt_commands_total{command=\"analyze\",status=\"accepted\"} 1\n"));
  listener.publish("habitd/cmd/refresh", "PRESS");
  const auto refresh = listener.next("habitd/result/refresh");
  REQUIRE(refresh);
  CHECK(json::parse(refresh->payload).at("command") == "refresh");
  listener.publish("habitd/cmd/log", "debug");
  CHECK(listener.next([](const auto& said) {
    return said.topic == "habitd/state" &&
           json::parse(said.payload).at("log_level") == "debug";
  }));
  daemon.signal(SIGTERM);
  CHECK(listener.next("habitd/status", "offline"));
  CHECK(daemon.wait().exit_code == 0);
}

TEST_CASE("a daemon that dies leaves its last will", "[mqtt][kill]") {
  if (!has_mosquitto())
    return;
  mosquitto broker;
  broker.start();
  mqtt_listener listener{broker};
  for (const auto* protocol : {"'5'", "3.1.1"}) {
    const broker_home home{on(broker) + "  protocol: " + protocol + "\n"};
    program daemon{home.run()};
    REQUIRE(listener.next("habitd/status", "online"));

    daemon.signal(SIGKILL);

    CHECK(listener.next("habitd/status", "offline"));
  }
}

TEST_CASE("nonsense does the daemon no harm", "[mqtt]") {
  if (!has_mosquitto())
    return;
  mosquitto broker;
  broker.start();
  mqtt_listener listener{broker};
  listener.publish("habitd/cmd/analyze", "PRESS", true); // retained before it comes
  const broker_home home{on(broker)};
  program daemon{home.run()};
  const auto shown = listener.next(is_discovery);
  REQUIRE(shown);

  listener.publish("habitd/cmd/analyze", std::string(2 << 20, '\xff'));
  listener.publish("habitd/cmd/log", std::string("\x00\x01", 2));
  listener.publish("habitd/cmd/\xc3\xa4", "{");
  listener.publish("homeassistant/status", std::string(2 << 20, 'o'));
  listener.publish(shown->topic, "{\"components\": 7", true); // somebody overwrites ours
  listener.publish("homeassistant/status", "online");

  CHECK(listener.next(is_discovery)); // the broken one
  const auto again = listener.next(is_discovery);
  REQUIRE(again);
  CHECK(again->payload == shown->payload);
  CHECK(json::parse(home.get("/api/v1/jobs")).at("items").as_array().empty());
  CHECK(json::parse(home.get("/health")).at("components").at("mqtt").at("state") == "ok");
  daemon.signal(SIGTERM);
  CHECK(daemon.wait().exit_code == 0);
}

TEST_CASE("the rights that docs/mqtt.md asks for are enough, and no password is shown",
          "[mqtt]") {
  if (!has_mosquitto())
    return;
  const auto docs = read_file(HABITD_SOURCE_DIR "/docs/mqtt.md");
  const auto begin = docs.find("```acl\n") + 7;
  const test_directory keys;
  write_file(keys / "acl", docs.substr(begin, docs.find("```", begin) - begin) +
                             "\nuser watcher\ntopic readwrite #\n");
  for (const std::string user : {"habitd", "watcher"})
    REQUIRE(run_program({"/usr/bin/mosquitto_passwd", "-b", "-c", keys / user, user,
                         "planted-" + user})
              .exit_code == 0);
  write_file(keys / "passwords",
             read_file(keys / "habitd") + read_file(keys / "watcher"));
  mosquitto broker{"allow_anonymous false\npassword_file " + (keys / "passwords") +
                   "\nacl_file " + (keys / "acl") + "\n"};
  broker.start();
  mqtt_config watching;
  watching.url = broker.url();
  watching.username = "watcher";
  watching.password = "planted-watcher";
  mqtt_listener listener{watching};
  const broker_home home{on(broker) + "  username: habitd\n  password: !secret mqtt\n"};
  write_file(home.dir / "secrets.yaml", "mqtt: planted-habitd\n");
  std::filesystem::permissions(home.dir / "secrets.yaml",
                               std::filesystem::perms::owner_read);
  program daemon{home.run()};

  CHECK(listener.next(is_discovery));
  CHECK(listener.next("habitd/status", "online"));
  listener.publish("habitd/cmd/analyze", "PRESS");
  CHECK(listener.next("ha-ai/status/analysis_complete"));
  listener.publish("homeassistant/status", "online");
  CHECK(listener.next(is_discovery));
  const auto shown =
    home.get("/health") + home.get("/metrics") + home.get("/api/v1/outbox");
  daemon.signal(SIGTERM);
  const auto log = daemon.wait().err;
  CHECK_THAT(log, !Catch::Contains("did not take"));
  CHECK_THAT(log + shown, !Catch::Contains("planted-habitd"));
}

TEST_CASE("without live mode habitd comes, tells and leaves", "[mqtt]") {
  if (!has_mosquitto())
    return;
  mosquitto broker;
  broker.start();
  mqtt_listener listener{broker};
  const broker_home home{on(broker) + "  live: false\n"};
  program daemon{home.run()};
  run_program({"/usr/bin/curl", "-s", "--retry", "50", "--retry-connrefused",
               "--retry-delay", "1", "-X", "POST",
               "http://127.0.0.1:" + std::to_string(home.port) + "/api/analyze/trigger"});

  CHECK(listener.next("ha-ai/status/analysis_complete"));
  std::string metrics;
  for (int i = 0; i < 40 && metrics.find("habitd_mqtt_connected 0") == metrics.npos; ++i)
    metrics = home.get("/metrics") + run_program({"/bin/sleep", "1"}).out;
  CHECK_THAT(metrics, Catch::Contains("habitd_mqtt_connected 0\n") &&
                        Catch::Contains("habitd_mqtt_connects_total 1\n") &&
                        Catch::Contains("habitd_mqtt_losses_total 0\n"));
  CHECK(json::parse(home.get("/health")).at("components").at("mqtt").at("state") == "ok");
  daemon.signal(SIGTERM);
  CHECK(daemon.wait().exit_code == 0);
}

/// 5, or HABITD_BROKER_KILLS.
int kills_wanted() {
  const auto* wanted = std::getenv("HABITD_BROKER_KILLS");
  return wanted ? std::atoi(wanted) : 5;
}

TEST_CASE("a broker that dies again and again costs nothing of ours", "[mqtt][kill]") {
  if (!has_mosquitto())
    return;
  mosquitto broker;
  broker.start();
  mqtt_listener listener{broker};
  const broker_home home{on(broker)};
  program daemon{home.run()};
  REQUIRE(listener.next("habitd/status", "online"));
  std::vector<double> waits;
  const auto trigger = [&] {
    const auto answer = run_program(
      {"/usr/bin/curl", "-s", "-m", "20", "-X", "POST",
       "http://127.0.0.1:" + std::to_string(home.port) + "/api/analyze/trigger"});
    return std::string{json::parse(answer.out).at("job").as_string()};
  };
  for (int i = 0; i < kills_wanted(); ++i) {
    CAPTURE(i);
    i % 2 ? broker.stop() : broker.kill();
    const auto job = trigger(); // ends while nobody can be told
    broker.start();
    const auto since = std::chrono::steady_clock::now();
    listener.reconnect();
    REQUIRE(listener.next([](const auto& said) {
      return said.topic == "habitd/status" && said.payload == "online" && !said.retained;
    }));
    waits.push_back(
      std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count());
    REQUIRE(listener.next([&](const auto& said) {
      return said.topic == "ha-ai/status/analysis_complete" &&
             said.payload.find(job) != std::string::npos;
    }));
  }
  std::sort(waits.begin(), waits.end());
  const auto metrics = home.get("/metrics");
  const auto outbox = home.get("/api/v1/outbox");
  daemon.signal(SIGTERM);
  CHECK(daemon.wait().exit_code == 0);

  const auto kills = std::to_string(kills_wanted());
  CHECK(waits.at(waits.size() / 2) <= 2);
  CHECK_THAT(metrics,
             Catch::Contains("habitd_mqtt_losses_total " + kills + "\n") &&
               Catch::Contains("habitd_mqtt_sessions_resumed_total " + kills + "\n"));
  CHECK(json::parse(outbox).at("items").as_array().empty());
  WARN(kills << " restarts: habitd was back after a median of "
             << waits.at(waits.size() / 2) << " s, at most " << waits.back() << " s");
}

TEST_CASE("without discovery the device is taken back", "[mqtt]") {
  if (!has_mosquitto())
    return;
  mosquitto broker;
  broker.start();
  const broker_home home{on(broker)};
  mqtt_listener listener{broker};
  std::string topic;
  {
    program daemon{home.run()};
    const auto shown = listener.next(is_discovery);
    REQUIRE(shown);
    topic = shown->topic;
    REQUIRE(listener.next("habitd/status", "online"));
    daemon.signal(SIGTERM);
    daemon.wait();
  }
  write_file(home.dir / "habitd.yaml",
             read_file(home.dir / "habitd.yaml") + "  discovery: false\n");
  program daemon{home.run()};

  CHECK(listener.next(topic, ""));
  CHECK(listener.next("habitd/status", "online"));
  mqtt_listener late{broker};
  CHECK(late.next("habitd/status", "online"));
  daemon.signal(SIGTERM);
  CHECK(daemon.wait().exit_code == 0);
}

} // namespace
} // namespace habitd
