#include "tests/end_to_end/mosquitto.hpp"

#include "actors/mqtt/paho_broker.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <thread>

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr const char* mosquitto_path = "/usr/sbin/mosquitto";

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

bool answers(int port) {
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  const bool good =
    connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(client);
  return good;
}

} // namespace

bool has_mosquitto() {
  if (std::filesystem::exists(mosquitto_path))
    return true;
  WARN("skipped: no " << mosquitto_path << "; tools/setup installs it");
  return false;
}

int free_port() {
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  bind(server, reinterpret_cast<const sockaddr*>(&address), size);
  getsockname(server, reinterpret_cast<sockaddr*>(&address), &size);
  close(server);
  return ntohs(address.sin_port);
}

mosquitto::mosquitto(const std::string& more) {
  write_file(
    dir_ / "mosquitto.conf",
    "user root\nlistener " + std::to_string(port_) +
      " 127.0.0.1\npersistence true\npersistence_location " + dir_.path().string() +
      "/\nautosave_interval 1\nautosave_on_changes true\nlog_dest stderr\n" + more);
}

std::string mosquitto::url(const std::string& scheme) const {
  return scheme + "://127.0.0.1:" + std::to_string(port_);
}

void mosquitto::start() {
  running_ = std::make_unique<program>(
    std::vector<std::string>{mosquitto_path, "-c", dir_ / "mosquitto.conf"});
  for (int i = 0; i < 400 && !answers(port_); ++i)
    std::this_thread::sleep_for(25ms);
}

void mosquitto::kill() {
  running_->signal(SIGKILL);
  running_->wait();
  running_.reset();
}

void mosquitto::stop() {
  running_->signal(SIGTERM);
  running_->wait();
  running_.reset();
}

mqtt_listener::mqtt_listener(const mosquitto& at, std::vector<std::string> filters)
    : mqtt_listener{[&at] {
                      mqtt_config settings;
                      settings.url = at.url();
                      return settings;
                    }(),
                    std::move(filters)} {}

mqtt_listener::mqtt_listener(mqtt_config settings, std::vector<std::string> filters)
    : filters_{std::move(filters)} {
  broker_events events;
  events.up = [to = heard_](bool) {
    const std::lock_guard lock{to->mutex};
    to->up = true;
    to->changed.notify_all();
  };
  events.down = [to = heard_](const std::string& why) {
    const std::lock_guard lock{to->mutex};
    to->up = false;
    to->down = why;
    to->changed.notify_all();
  };
  events.message = [to = heard_](const broker_message& said) {
    const std::lock_guard lock{to->mutex};
    to->messages.push_back(
      {std::string{said.topic}, std::string{said.payload}, said.retained});
    to->changed.notify_all();
  };
  static int number = 0;
  auto made = open_paho_broker({settings, "listener" + std::to_string(++number), {}},
                               std::move(events));
  REQUIRE(made);
  connection_ = std::move(*made);
  REQUIRE_FALSE(connection_->connect());
  if (wait_up(20s))
    REQUIRE_FALSE(connection_->subscribe(filters_));
}

mqtt_listener::~mqtt_listener() = default;

bool mqtt_listener::wait_up(std::chrono::seconds longest) {
  std::unique_lock lock{heard_->mutex};
  heard_->changed.wait_for(lock, longest,
                           [this] { return heard_->up || !heard_->down.empty(); });
  return heard_->up;
}

void mqtt_listener::reconnect() {
  for (int i = 0; i < 100; ++i) {
    {
      const std::lock_guard lock{heard_->mutex};
      if (heard_->up)
        return;
      heard_->down.clear();
    }
    if (!connection_->connect() && wait_up(20s)) {
      REQUIRE_FALSE(connection_->subscribe(filters_));
      return;
    }
    std::this_thread::sleep_for(50ms);
  }
  FAIL("the listener gets no connection");
}

std::string mqtt_listener::refusal() const {
  const std::lock_guard lock{heard_->mutex};
  return heard_->up ? std::string{} : heard_->down;
}

std::optional<mqtt_listener::message>
mqtt_listener::next(const std::function<bool(const message&)>& wanted) {
  std::unique_lock lock{heard_->mutex};
  std::optional<message> found;
  heard_->changed.wait_for(lock, 30s, [&] {
    const auto at =
      std::find_if(heard_->messages.begin(), heard_->messages.end(), wanted);
    if (at == heard_->messages.end())
      return false;
    found = *at;
    heard_->messages.erase(at);
    return true;
  });
  return found;
}

std::optional<mqtt_listener::message> mqtt_listener::next(const std::string& topic) {
  return next([&](const message& said) { return said.topic == topic; });
}

std::optional<mqtt_listener::message> mqtt_listener::next(const std::string& topic,
                                                          const std::string& payload) {
  return next(
    [&](const message& said) { return said.topic == topic && said.payload == payload; });
}

void mqtt_listener::publish(const std::string& topic, const std::string& payload,
                            bool retain) {
  REQUIRE_FALSE(connection_->publish({topic, payload, retain}, [](const error&) {}));
}

} // namespace habitd
