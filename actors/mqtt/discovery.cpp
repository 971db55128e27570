#include "actors/mqtt/discovery.hpp"

#include <boost/json.hpp>

#include <utility>

namespace habitd {

namespace {

namespace json = boost::json;

/// Entities by the name they have within the device.
class entity_list {
public:
  explicit entity_list(const std::string& device) : device_{device} {}

  void add(const std::string& key, const char* platform, const char* name,
           json::object more) {
    more["platform"] = platform;
    more["unique_id"] = device_ + "_" + key;
    more["default_entity_id"] = std::string{platform} + ".habitd_" + key;
    more["name"] = name;
    all_[key] = std::move(more);
  }

  json::object take() { return std::move(all_); }

private:
  std::string device_;
  json::object all_;
};

std::string value_of(const char* field) {
  return std::string{"{{ value_json."} + field + " }}";
}

void add_commands(entity_list& to, const mqtt_topics& topics) {
  to.add("analyze", "button", "Analyze now",
         {{"command_topic", topics.commands + "/analyze"}, {"icon", "mdi:magnify-scan"}});
  to.add("refresh", "button", "Refresh now",
         {{"command_topic", topics.commands + "/refresh"}, {"icon", "mdi:book-refresh"}});
  to.add("log_level", "select", "Log level",
         {{"command_topic", topics.commands + "/log"},
          {"state_topic", topics.state},
          {"value_template", value_of("log_level")},
          {"options", json::array{"debug", "info", "warning", "error"}},
          {"entity_category", "config"}});
}

void add_sensors(entity_list& to, const mqtt_topics& topics) {
  const auto sensor = [&](const std::string& key, const char* name, json::object more) {
    more["state_topic"] = topics.state;
    more["value_template"] = value_of(key.c_str());
    to.add(key, "sensor", name, std::move(more));
  };
  sensor("last_analysis", "Last analysis",
         {{"device_class", "timestamp"}, {"entity_category", "diagnostic"}});
  sensor("last_refresh", "Last refresh",
         {{"device_class", "timestamp"}, {"entity_category", "diagnostic"}});
  sensor("pending_suggestions", "Pending suggestions",
         {{"state_class", "measurement"}, {"icon", "mdi:lightbulb-on-outline"}});
  sensor("corpus_size", "Corpus size",
         {{"state_class", "measurement"},
          {"icon", "mdi:bookshelf"},
          {"entity_category", "diagnostic"}});
  to.add(
    "problem", "binary_sensor", "Problem",
    {{"device_class", "problem"},
     {"entity_category", "diagnostic"},
     {"state_topic", topics.state},
     {"value_template", "{{ 'ON' if value_json.problem else 'OFF' }}"},
     {"json_attributes_topic", topics.state},
     {"json_attributes_template", "{{ {'problems': value_json.problems} | tojson }}"}});
  to.add("suggestion", "event", "Suggestion",
         {{"state_topic", topics.suggestions}, {"event_types", json::array{"new"}}});
}

} // namespace

std::string discovery_payload(const mqtt_device& device, const mqtt_topics& topics,
                              bool live) {
  entity_list entities{device.id};
  if (live)
    add_commands(entities, topics);
  add_sensors(entities, topics);
  json::object about{{"identifiers", json::array{device.id}},
                     {"name", device.name},
                     {"manufacturer", "habitd"},
                     {"model", "habitd"},
                     {"sw_version", device.version}};
  if (!device.url.empty())
    about["configuration_url"] = device.url;
  json::object payload{
    {"device", std::move(about)},
    {"origin", {{"name", "habitd"}, {"sw_version", device.version}}},
    {"qos", 1},
    {"components", entities.take()},
  };
  if (live)
    payload["availability_topic"] = topics.status;
  return json::serialize(payload);
}

} // namespace habitd
