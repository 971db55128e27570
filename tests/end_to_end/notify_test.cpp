// A job that fails reaches file, webhook and HTTP, through a kill -9 of the daemon.

#include "tests/end_to_end/program.hpp"
#include "tests/http/scripted_server.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <csignal>
#include <thread>

namespace habitd {
namespace {

namespace json = boost::json;

/// A port that was free a moment ago.
int free_port() {
  const scripted_server server{[](const std::string&) { return std::string{}; }};
  return server.port();
}

struct notified_home {
  test_directory dir;
  int port = free_port();
  std::string url = "http://127.0.0.1:" + std::to_string(port);

  explicit notified_home(const std::string& webhook) {
    write_file(dir / "habitd.yaml",
               "storage: {directory: " + (dir / "state") + "}\nhttp: {port: " +
                 std::to_string(port) + "}\nevents: {recorder: no-such.db}\n" +
                 "notify: {file: alerts.ndjson, webhook: !secret hook}\n");
    write_file(dir / "secrets.yaml", "hook: " + webhook + "\n");
    std::filesystem::permissions(dir / "secrets.yaml",
                                 std::filesystem::perms::owner_read);
  }

  std::vector<std::string> run() const {
    return {habitd_path(), "run", "--config", dir / "habitd.yaml"};
  }

  std::string curl(const std::string& method, const std::string& path) const {
    return run_program({"/usr/bin/curl", "-s", "-m", "20", "--retry", "50",
                        "--retry-connrefused", "--retry-delay", "1", "-X", method,
                        url + path})
      .out;
  }

  /// What a list holds once `enough`, or after a minute.
  template <class Enough>
  json::array items(const std::string& path, Enough enough) const {
    json::array found;
    for (int i = 0; i < 240; ++i) {
      found = json::parse(curl("GET", path)).at("items").as_array();
      if (enough(found))
        return found;
      std::this_thread::sleep_for(std::chrono::milliseconds{250});
    }
    return found;
  }
};

bool is_empty(const json::array& items) {
  return items.empty();
}
bool is_filled(const json::array& items) {
  return !items.empty();
}

TEST_CASE("a job that fails reaches file, webhook and HTTP, through kill -9", "[kill]") {
  std::atomic<bool> down = true;
  const scripted_server hook{[&down](const std::string&) {
    return answer_text(down ? 503 : 204, "", down ? "Retry-After: 2\r\n" : "");
  }};
  const notified_home home{hook.url("/api/webhook/very-secret")};
  {
    program daemon{home.run()};
    home.curl("POST", "/api/analyze/trigger");
    const auto alerts = home.items("/api/v1/alerts", is_filled);
    REQUIRE(alerts.size() == 1);
    CHECK(alerts.at(0).at("code") == "job_failed");
    const auto waiting = home.items("/api/v1/outbox", [](const json::array& items) {
      return items.size() == 1 && items.at(0).at("attempts") != 0;
    });
    REQUIRE(waiting.size() == 1); // the file has it
    CHECK(waiting.at(0).at("target") == "webhook");
    CHECK_FALSE(waiting.at(0).as_object().contains("payload"));
    daemon.signal(SIGKILL);
    CHECK_THAT(daemon.wait().err, !Catch::Contains("very-secret"));
    CHECK_THAT(json::serialize(waiting), !Catch::Contains("very-secret"));
  }
  down = false;

  program daemon{home.run()};
  home.items("/api/v1/outbox", is_empty);
  const auto metrics = home.curl("GET", "/metrics");
  daemon.signal(SIGTERM);
  CHECK(daemon.wait().exit_code == 0);

  CHECK_THAT(metrics,
             Catch::Contains("habitd_alerts_active 1\n") &&
               Catch::Contains("habitd_outbox_delivered_total{target=\"webhook\"} 1\n"));
  const auto line = json::parse(read_file(home.dir / "alerts.ndjson"));
  CHECK(line.at("payload").at("event") == "raised");
  const auto last = hook.requests().back();
  CHECK_THAT(last, Catch::Contains("Idempotency-Key: "));
  CHECK_THAT(last, Catch::Contains("\"code\":\"job_failed\""));
}

} // namespace
} // namespace habitd
