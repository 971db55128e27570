#pragma once

#include "actors/mqtt/broker.hpp"
#include "tests/end_to_end/program.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace habitd {

/// Whether the broker is installed; says that the test is skipped if not.
bool has_mosquitto();

/// A port that was free a moment ago.
int free_port();

/// A real broker on loopback, with sessions that outlive it.
class mosquitto {
public:
  /// @param more  lines of its configuration, instead of letting everybody in.
  explicit mosquitto(const std::string& more = "allow_anonymous true\n");

  int port() const { return port_; }
  std::string url(const std::string& scheme = "mqtt") const;
  const test_directory& directory() const { return dir_; }

  void start();
  void kill(); // as a power cut does
  void stop(); // in order
  std::string log() const { return running_ ? running_->log() : std::string{}; }

private:
  test_directory dir_;
  int port_ = free_port();
  std::unique_ptr<program> running_;
};

/// A client that hears everything.
class mqtt_listener {
public:
  struct message {
    std::string topic, payload;
    bool retained = false;
  };

  explicit mqtt_listener(const mosquitto& at, std::vector<std::string> filters = {"#"});
  explicit mqtt_listener(mqtt_config settings, std::vector<std::string> filters = {"#"});
  ~mqtt_listener();
  mqtt_listener(const mqtt_listener&) = delete;
  mqtt_listener& operator=(const mqtt_listener&) = delete;

  /// Waits, at most half a minute, for a message that no call gave before.
  std::optional<message> next(const std::function<bool(const message&)>& wanted);
  std::optional<message> next(const std::string& topic);
  std::optional<message> next(const std::string& topic, const std::string& payload);

  void publish(const std::string& topic, const std::string& payload, bool retain = false);

  /// Connects anew, as often as it takes, after the broker was away.
  void reconnect();

  /// Why it was not let in, if it was not.
  std::string refusal() const;

private:
  struct heard {
    mutable std::mutex mutex;
    std::condition_variable changed;
    std::vector<message> messages;
    bool up = false;
    std::string down;
  };

  bool wait_up(std::chrono::seconds longest);

  std::vector<std::string> filters_;
  std::shared_ptr<heard> heard_ = std::make_shared<heard>();
  broker_connection_ptr connection_;
};

} // namespace habitd
