// The daemon's manners towards the service manager, a second instance and signals.

#include "actors/runtime/fault_point.hpp"
#include "tests/end_to_end/program.hpp"
#include "tests/storage/small_disk.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace habitd {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

/// Listens where `sd_notify` sends to.
class service_manager {
public:
  explicit service_manager(const std::string& path)
      : path_{path}, socket_{socket(AF_UNIX, SOCK_DGRAM, 0)} {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  service_manager(const service_manager&) = delete;
  service_manager& operator=(const service_manager&) = delete;
  ~service_manager() { close(socket_); }

  std::string variable() const { return "NOTIFY_SOCKET=" + path_; }

  /// Waits for a message with this line; false if none comes in time.
  bool hears(const std::string& line, std::chrono::seconds longest) {
    const auto until = std::chrono::steady_clock::now() + longest;
    while (std::chrono::steady_clock::now() < until) {
      pollfd waiting{socket_, POLLIN, 0};
      poll(&waiting, 1, 100);
      std::array<char, 1024> text{};
      const auto length = recv(socket_, text.data(), text.size(), MSG_DONTWAIT);
      if (length > 0 &&
          std::string_view{text.data(), static_cast<std::size_t>(length)}.find(line) !=
            std::string_view::npos)
        return true;
    }
    return false;
  }

private:
  std::string path_;
  int socket_;
};

/// A home to serve, with a configuration.
struct daemon_home {
  test_directory dir;
  std::string config = dir / "habitd.yaml";
  service_manager manager{dir / "notify"};

  explicit daemon_home(const std::string& more = "") {
    const auto simulated = run_program({habitd_path(), "simulate", dir / "home", "--days",
                                        "20", "--entities", "60", "--recorder-only"});
    REQUIRE(simulated.exit_code == 0);
    configure(more);
  }

  void configure(const std::string& more) const {
    write_file(config, "events:\n  recorder: " + (dir / "home/home-assistant_v2.db") +
                         "\nhome:\n  time_zone: Europe/Berlin\nstorage:\n  directory: " +
                         (dir / "state") + "\nhttp:\n  port: 0\n" + more);
  }

  std::vector<std::string> command(const std::vector<std::string>& variables = {}) const {
    std::vector<std::string> all{"/usr/bin/env", manager.variable()};
    all.insert(all.end(), variables.begin(), variables.end());
    all.insert(all.end(), {habitd_path(), "run", "--config", config});
    return all;
  }
};

/// The address in what a daemon logged.
std::string url_in(const std::string& log) {
  const auto at = log.find("serves on ");
  REQUIRE(at != std::string::npos);
  const auto begin = at + std::strlen("serves on ");
  return log.substr(begin, log.find_first_of("\n\"", begin) - begin);
}

std::string ask(const std::string& method, const std::string& url) {
  return run_program({"/usr/bin/curl", "-s", "-m", "20", "-X", method, url}).out;
}

/// Starts a job and waits for its end.
json::object end_of_job(const std::string& url) {
  ask("POST", url + "api/analyze/trigger");
  json::object status;
  for (int i = 0; i < 200; ++i) {
    status = json::parse(ask("GET", url + "api/analyze/status")).as_object();
    if (status.contains("running") && !status["running"].as_bool() &&
        status["job"].is_object())
      break;
    std::this_thread::sleep_for(50ms);
  }
  REQUIRE(status["job"].is_object());
  return status["job"].as_object();
}

TEST_CASE("the daemon says when it is ready and when it stops, and ends with 0") {
  daemon_home home;
  program daemon{home.command()};
  REQUIRE(home.manager.hears("READY=1", 20s));

  daemon.signal(SIGTERM);

  CHECK(home.manager.hears("STOPPING=1", 5s));
  CHECK(daemon.wait().exit_code == 0);
}

TEST_CASE("a daemon that is stopped within a job goes on with it after the next start") {
  daemon_home home;
  program first{home.command({"HABITD_FAULTS=detector.observe:3:hang"})};
  REQUIRE(home.manager.hears("READY=1", 20s));
  ask("POST", url_in(first.log()) + "api/analyze/trigger");
  std::this_thread::sleep_for(300ms); // it hangs by now, or will
  const auto asked = std::chrono::steady_clock::now();
  first.signal(SIGTERM);
  CHECK(first.wait().exit_code == 0);
  CHECK(std::chrono::steady_clock::now() - asked < 6s);

  program second{home.command()};
  REQUIRE(home.manager.hears("READY=1", 20s));
  const auto url = url_in(second.log());
  json::array jobs;
  for (int i = 0; i < 200; ++i) {
    jobs = json::parse(ask("GET", url + "api/v1/jobs")).at("items").as_array();
    if (jobs.size() == 2 && jobs[0].at("outcome") != "running")
      break;
    std::this_thread::sleep_for(50ms);
  }

  REQUIRE(jobs.size() == 2);
  CHECK(jobs[1].at("outcome") == "interrupted");
  CHECK(jobs[0].at("outcome") == "ok");
  CHECK(jobs[0].at("trigger") == "resume");
  CHECK(jobs[0].at("resumes") == jobs[1].at("id"));
  CHECK(jobs[0].at("correlation") == jobs[1].at("correlation"));
}

TEST_CASE(
  "an actor that hangs ends the process, for the service manager to start it again",
  "[soak]") {
  daemon_home home;
  program daemon{
    home.command({"HABITD_FAULTS=detector.observe:1:hang", "WATCHDOG_USEC=15000000"})};
  REQUIRE(home.manager.hears("WATCHDOG=1", 20s));
  ask("POST", url_in(daemon.log()) + "api/analyze/trigger");

  const auto ended = daemon.wait();

  CHECK(ended.exit_code == 7);
  CHECK_THAT(ended.err, Catch::Contains("gave no sign of life"));
}

TEST_CASE("SIGHUP changes how the daemon logs, and what; a broken file changes nothing") {
  daemon_home home{"log:\n  format: json\n"};
  program daemon{home.command()};
  REQUIRE(home.manager.hears("READY=1", 20s));
  CHECK(json::parse(daemon.log().substr(0, daemon.log().find('\n'))).at("area") ==
        "daemon");
  const auto url = url_in(daemon.log());
  ask("GET", url + "health");

  const auto logged = [&daemon](const std::string& text) {
    for (int i = 0; i < 200; ++i) {
      if (daemon.log().find(text) != std::string::npos)
        return true;
      std::this_thread::sleep_for(50ms);
    }
    return false;
  };
  home.configure("log:\n  format: jsno\n");
  daemon.signal(SIGHUP);
  CHECK(logged("settings not reloaded"));
  home.configure("log:\n  format: text\n  areas: {http: debug}\n");
  daemon.signal(SIGHUP);
  CHECK(logged(" info daemon settings reloaded"));
  ask("GET", url + "metrics");
  CHECK(logged(" GET /metrics 200 "));
  CHECK_THAT(daemon.log(),
             Catch::Contains(" debug http [") && !Catch::Contains("\"area\":\"http\""));

  daemon.signal(SIGTERM);
  CHECK(daemon.wait().exit_code == 0);
}

TEST_CASE("a second daemon on the same store says so") {
  daemon_home home;
  program daemon{home.command()};
  REQUIRE(home.manager.hears("READY=1", 20s));

  const auto second = run_program(home.command());

  CHECK(second.exit_code == 4);
  CHECK_THAT(second.err, Catch::Contains(home.dir / "state") &&
                           Catch::Contains("in use by another process"));
}

TEST_CASE("a worker that keeps failing is down, and the rest of the daemon works on") {
  daemon_home home{"log:\n  areas: {events: debug}\n"};
  program daemon{home.command({"HABITD_FAULTS=suggestion.make:1+:throw"})};
  REQUIRE(home.manager.hears("READY=1", 20s));
  const auto url = url_in(daemon.log());
  json::object suggestion;
  for (int i = 0; i < 12 && (suggestion.empty() || suggestion["state"] != "down"); ++i) {
    ask("POST", url + "api/analyze/trigger");
    for (int j = 0; j < 100; ++j) {
      const auto status = json::parse(ask("GET", url + "api/analyze/status"));
      if (!status.at("running").as_bool())
        break;
      std::this_thread::sleep_for(100ms);
    }
    const auto health = json::parse(ask("GET", url + "health"));
    for (const auto& branch : health.at("branches").as_array())
      if (branch.at("name") == "suggestion")
        suggestion = branch.as_object();
  }

  CHECK(suggestion["state"] == "down");
  CHECK_THAT(std::string{suggestion["last_error"].as_string()},
             Catch::Contains("planned fault"));
  CHECK(json::parse(ask("GET", url + "health")).at("status") == "degraded");
  CHECK_FALSE(
    json::parse(ask("GET", url + "api/v1/patterns")).at("items").as_array().empty());
  CHECK_THAT(ask("GET", url + "metrics"),
             Catch::Contains("habitd_up{branch=\"suggestion\"} 0"));
  const auto jobs = json::parse(ask("GET", url + "api/v1/jobs")).at("items").as_array();
  const auto id = std::string{jobs.back().at("correlation").as_string()}.substr(0, 8);
  CHECK_THAT(daemon.log(),
             Catch::Contains(" debug events [" + id + "] reading ") &&
               Catch::Contains(" warning supervision [" + id + "] suggestion: restart"));
}

TEST_CASE("a daemon that starts on a full disk serves, and works once there is space") {
  daemon_home home;
  small_disk disk{home.dir / "state", "size=32m"};
  if (!disk.mounted())
    return;
  {
    program first{home.command()};
    REQUIRE(home.manager.hears("READY=1", 20s));
    end_of_job(url_in(first.log()));
    first.signal(SIGTERM);
    REQUIRE(first.wait().exit_code == 0);
  }
  disk.fill();

  program daemon{home.command()};

  REQUIRE(home.manager.hears("READY=1", 20s));
  const auto url = url_in(daemon.log());
  CHECK_FALSE(
    json::parse(ask("GET", url + "api/v1/patterns")).at("items").as_array().empty());
  const auto health = json::parse(ask("GET", url + "health"));
  CHECK_THAT(std::string{health.at("components").at("storage").at("problem").as_string()},
             Catch::Contains("nothing can be written") &&
               Catch::Contains("No space left"));
  disk.free();
  CHECK(end_of_job(url).at("outcome") == "ok");
  CHECK(json::parse(ask("GET", url + "health")).at("status") == "ok");
}

TEST_CASE("a kill at any step of a job costs nothing") {
  const daemon_home home;
  const auto analyze = [&home](const std::string& state, const std::string& faults) {
    return run_program({"/usr/bin/env", "HABITD_FAULTS=" + faults, habitd_path(),
                        "analyze", "--recorder", home.dir / "home/home-assistant_v2.db",
                        "--time-zone", "Europe/Berlin", "--json", "--state",
                        home.dir / state});
  };
  const auto undisturbed = json::parse(analyze("undisturbed", "").out);
  for (const auto point : fault_point_names()) {
    const std::string name{point};
    if (name.starts_with("standards."))
      continue; // no step of a job
    INFO(name);
    CHECK(analyze(name, name + ":1:kill").exit_code == 128 + SIGKILL);
    analyze(name, name + ":2:kill");
    const auto resumed = analyze(name, "");
    REQUIRE(resumed.exit_code == 0);
    CHECK(json::parse(resumed.out).at("patterns") == undisturbed.at("patterns"));
  }
}

} // namespace
} // namespace habitd
