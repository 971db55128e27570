#include "actors/mqtt/discovery.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <map>
#include <set>

namespace habitd {
namespace {

namespace json = boost::json;

json::object discovered(bool live) {
  mqtt_config settings;
  settings.prefix = "home/habitd";
  const auto text = discovery_payload({"habitd_7f3a", "habitd", "0.1.0", ""},
                                      topics_of(settings, "habitd_7f3a"), live);
  return json::parse(text).as_object();
}

TEST_CASE("every entity has what Home Assistant demands of its platform") {
  const auto payload = discovered(true);
  const std::map<std::string, std::vector<const char*>> demanded{
    {"button", {"command_topic"}},
    {"select", {"command_topic", "options"}},
    {"sensor", {"state_topic"}},
    {"binary_sensor", {"state_topic"}},
    {"event", {"state_topic", "event_types"}}};
  std::set<std::string> ids;

  for (const auto& [key, value] : payload.at("components").as_object()) {
    const auto& entity = value.as_object();
    const std::string platform{entity.at("platform").as_string()};
    CAPTURE(std::string{key}, platform);
    for (const auto* field : demanded.at(platform))
      CHECK(entity.contains(field));
    CHECK(ids.insert(std::string{entity.at("unique_id").as_string()}).second);
    CHECK(entity.at("default_entity_id").as_string().starts_with(platform + "."));
  }
  CHECK(ids.size() == 9);
  CHECK(payload.at("device").at("identifiers").at(0) == "habitd_7f3a");
  CHECK(payload.at("origin").at("name") == "habitd");
  CHECK(payload.at("availability_topic") == "home/habitd/status");
}

TEST_CASE("habitd that comes only now and then shows nothing that waits for it") {
  const auto payload = discovered(false);

  CHECK_FALSE(payload.contains("availability_topic"));
  for (const auto& [key, entity] : payload.at("components").as_object())
    CHECK_FALSE(entity.as_object().contains("command_topic"));
}

TEST_CASE("topics follow the settings") {
  mqtt_config settings;
  settings.prefix = "home/habitd";
  settings.discovery_prefix = "ha";
  settings.status_prefix = "status";
  const auto topics = topics_of(settings, "habitd_7f3a");

  CHECK(topics.discovery == "ha/device/habitd_7f3a/config");
  CHECK(topic_of(topics, "alert") == "home/habitd/alert");
  CHECK(topic_of(topics, "suggestion") == "home/habitd/event/suggestion");
  CHECK(topic_of(topics, "analysis_complete") == "status/analysis_complete");
  CHECK(topic_of(topics_of({}, "x"), "analysis_complete") ==
        "ha-ai/status/analysis_complete");
}

} // namespace
} // namespace habitd
