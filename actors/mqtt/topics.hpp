#pragma once

#include "config/mqtt_config.hpp"

#include <string>
#include <string_view>

namespace habitd {

/// Every topic that habitd publishes to or listens on.
struct mqtt_topics {
  std::string status;      // "online" or "offline", retained; also the last will
  std::string state;       // JSON that the sensors show, retained
  std::string commands;    // and below it a command's name
  std::string results;     // likewise
  std::string suggestions; // events about suggestions
  std::string alerts;      // alerts raised and cleared
  std::string job_status;  // and below it "analysis_complete", …
  std::string discovery;   // of the device, retained; empty payload takes it back
  std::string birth;       // of Home Assistant
};

/// @param device  as in `mqtt_device::id`.
mqtt_topics topics_of(const mqtt_config& settings, const std::string& device);

/// Where an outbox entry about `subject` goes: "alert", "suggestion", or what has ended, like
/// "analysis_complete".
std::string topic_of(const mqtt_topics& topics, std::string_view subject);

} // namespace habitd
