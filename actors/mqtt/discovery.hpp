#pragma once

#include "actors/mqtt/topics.hpp"

#include <string>

namespace habitd {

/// What Home Assistant shows of habitd beside its entities.
struct mqtt_device {
  std::string id;      // [a-zA-Z0-9_-]+, the same for ever
  std::string name;    // for people
  std::string version; // of habitd
  std::string url;     // of its pages; empty = none that others can reach
};

/// The device and all its entities, as Home Assistant's MQTT discovery takes it.
/// @param live  false: no entity that waits for commands or says whether habitd is there,
///              since it mostly isn't.
/// Source: Home Assistant 2026.11, components/mqtt/discovery.py and schemas.py.
std::string discovery_payload(const mqtt_device& device, const mqtt_topics& topics,
                              bool live);

} // namespace habitd
