#include "actors/mqtt/topics.hpp"

namespace habitd {

mqtt_topics topics_of(const mqtt_config& settings, const std::string& device) {
  const auto& prefix = settings.prefix;
  return {prefix + "/status",
          prefix + "/state",
          prefix + "/cmd",
          prefix + "/result",
          prefix + "/event/suggestion",
          prefix + "/alert",
          settings.status_prefix,
          settings.discovery_prefix + "/device/" + device + "/config",
          settings.birth_topic};
}

std::string topic_of(const mqtt_topics& topics, std::string_view subject) {
  if (subject == "alert")
    return topics.alerts;
  if (subject == "suggestion")
    return topics.suggestions;
  return topics.job_status + "/" + std::string{subject};
}

} // namespace habitd
