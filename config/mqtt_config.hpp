#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace habitd {

enum class mqtt_version : std::uint8_t { v5, v3_1_1 };

/// How habitd is seen and heard on a home's broker.
struct mqtt_config {
  std::string url; // mqtt://host:1883 or mqtts://host:8883; empty = no MQTT
  mqtt_version protocol = mqtt_version::v5;
  std::string username;
  std::string password;              // a secret
  std::string client_id;             // empty = habitd_ and the name of the installation
  std::filesystem::path ca;          // of the broker's certificate; empty = the system's
  std::filesystem::path certificate; // of habitd, with its chain
  std::filesystem::path key;         // of the certificate
  bool insecure = false;             // any certificate of the broker will do
  bool live = true;              // false: connected only while there is something to tell
  std::string prefix = "habitd"; // of habitd's own topics
  std::string status_prefix = "ha-ai/status"; // of the messages that a job has ended
  bool discovery = true;                      // false: takes the device back
  std::string discovery_prefix = "homeassistant";
  std::string birth_topic = "homeassistant/status";
  std::string birth_payload = "online";
  bool operator==(const mqtt_config&) const = default;
};

} // namespace habitd
