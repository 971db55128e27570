#pragma once

#include "config/mqtt_config.hpp"
#include "messages/error.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// Something to publish, with QoS 1.
struct mqtt_publication {
  std::string topic;
  std::string payload;
  bool retain = false;
};

/// A message as it arrives; the views end with the call.
struct broker_message {
  std::string_view topic;
  std::string_view payload;
  bool retained = false; // what the broker kept, not what happens now
  bool repeated = false; // may have arrived before
};

/// What a connection tells. Called from threads of its own, never two at once, and not after
/// the connection is gone.
struct broker_events {
  std::function<void(bool resumed)> up; // the broker kept the session or not
  std::function<void(const std::string& why)>
    down; // no connection came about, or it is lost
  std::function<void(const broker_message&)> message;
};

/// What is fixed for the life of a connection.
struct broker_options {
  mqtt_config settings;
  std::string client_id;
  mqtt_publication will; // no topic: none
};

/// A session at a broker. Nothing blocks but `leave` and the end of it, at most for about a
/// second each; callbacks tell how it went. Errors are ec::unavailable, or ec::invalid_input
/// where trying again won't help.
struct broker_connection {
  /// Tries once; then `up` or `down` follows.
  std::function<error()> connect;

  /// @param done  called when the broker has it or refused it; not at all if the connection is
  ///              lost for good before.
  std::function<error(const mqtt_publication&, std::function<void(error)> done)> publish;

  std::function<error(const std::vector<std::string>& filters)> subscribe;

  /// Disconnects in order, so that there is no last will.
  std::function<void()> leave;
};

using broker_connection_ptr = std::shared_ptr<const broker_connection>;

/// Makes a connection that is not connected yet.
using open_broker =
  std::function<expected<broker_connection_ptr>(const broker_options&, broker_events)>;

} // namespace habitd
