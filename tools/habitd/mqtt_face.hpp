#pragma once

#include "actors/mqtt/mqtt_link.hpp"
#include "actors/runtime/health_board.hpp"
#include "http/metrics.hpp"
#include "tools/habitd/home_system.hpp"
#include "tools/habitd/notifications.hpp"

#include <boost/json.hpp>
#include <caf/actor_system.hpp>

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace habitd {

/// habitd on the home's broker.
class mqtt_face {
public:
  struct parts {
    mqtt_config settings;
    mqtt_device device;
    std::shared_ptr<home_store> store;
    std::shared_ptr<const wall_clock> clock;
    std::shared_ptr<health_board> board;
    std::function<std::string()> log_level;
    spawn_options spawn{};
  };

  /// @param system  outlives this object.
  mqtt_face(caf::actor_system& system, parts with);
  ~mqtt_face() { stop(); }
  mqtt_face(const mqtt_face&) = delete;
  mqtt_face& operator=(const mqtt_face&) = delete;

  /// What is told over the broker.
  notified_targets targets() const;

  void start(const outbox_actor& outbox, carry_out_command carry_out);

  const std::shared_ptr<mqtt_status>& status() const { return status_; }
  std::vector<caf::actor> supervisors() const;

  /// Lets go of threads that wait for the broker.
  void stop_waiting() { stopping_.request_stop(); }

  /// Says goodbye to the broker, within about two seconds.
  void stop();

private:
  caf::actor_system& system_;
  parts with_;
  std::shared_ptr<mqtt_outlet> outlet_ = std::make_shared<mqtt_outlet>();
  std::shared_ptr<mqtt_status> status_ = std::make_shared<mqtt_status>();
  std::stop_source stopping_;
  caf::actor supervisor_;
};

/// The device that Home Assistant shows.
/// @param install_id  of this installation.
mqtt_device device_of(const std::string& install_id);

/// What /health says of it.
boost::json::object mqtt_health(const mqtt_figures& figures);

void add_mqtt_metrics(std::vector<metric>& to, const mqtt_figures& figures);

} // namespace habitd
