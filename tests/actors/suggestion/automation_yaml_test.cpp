#include "actors/suggestion/automation_yaml.hpp"

#include <catch2/catch.hpp>
#include <yaml-cpp/yaml.h>

#include <algorithm>

namespace habitd {
namespace {

pattern clock_habit(const std::string& entity, turn to, int seconds) {
  pattern habit;
  habit.entities = {entity};
  habit.turns = {to};
  habit.time = seconds;
  habit.weekdays = {0, 1, 2, 3, 4, 5, 6};
  return habit;
}

pattern response(const std::string& trigger, turn from, const std::string& entity,
                 turn to) {
  pattern habit;
  habit.entities = {trigger, entity};
  habit.turns = {from, to};
  habit.window = 60;
  return habit;
}

YAML::Node written(const pattern& habit) {
  const auto yaml =
    automation_yaml(habit, {"habitd_1", "An \"alias\": yes", "Why\n# so"});
  REQUIRE(yaml);
  INFO(*yaml);
  return YAML::Load(*yaml);
}

TEST_CASE("a clock habit becomes a time trigger in the current syntax") {
  const auto automation =
    written(clock_habit("light.kitchen", turn::on, 7 * 3600 + 5 * 60 + 20));

  CHECK(automation["id"].as<std::string>() == "habitd_1");
  CHECK(automation["alias"].as<std::string>() == "An \"alias\": yes");
  CHECK(automation["triggers"][0]["trigger"].as<std::string>() == "time");
  CHECK(automation["triggers"][0]["at"].as<std::string>() == "07:05:00");
  CHECK(automation["actions"][0]["action"].as<std::string>() == "light.turn_on");
  CHECK(automation["actions"][0]["target"]["entity_id"].as<std::string>() ==
        "light.kitchen");
  CHECK(automation["conditions"].size() == 0);
  CHECK(automation["mode"].as<std::string>() == "single");
}

TEST_CASE("times, states and texts that YAML 1.1 would misread are quoted") {
  const auto yaml =
    *automation_yaml(response("binary_sensor.door", turn::on, "switch.fan", turn::off),
                     {"habitd_2", "a", "b"});
  const auto clock =
    *automation_yaml(clock_habit("light.a", turn::off, 7 * 3600), {"habitd_3", "a", "b"});

  CHECK_THAT(yaml, Catch::Contains("to: \"on\""));
  CHECK_THAT(clock, Catch::Contains("at: \"07:00:00\""));
}

TEST_CASE(
  "a habit of workdays gets a weekday condition, shifted for times after midnight") {
  auto habit = clock_habit("light.kitchen", turn::on, 7 * 3600);
  habit.weekdays = {0, 1, 2, 3, 4};
  const auto morning = written(habit)["conditions"][0]["weekday"];
  habit.time = 3600; // 01:00, in the night that ends the day before
  const auto night = written(habit)["conditions"][0]["weekday"];

  CHECK(morning.as<std::vector<std::string>>() ==
        std::vector<std::string>{"mon", "tue", "wed", "thu", "fri"});
  CHECK(night.as<std::vector<std::string>>() ==
        std::vector<std::string>{"tue", "wed", "thu", "fri", "sat"});
}

TEST_CASE("a device that comes back online does not fire a state trigger") {
  const auto trigger = written(response("binary_sensor.hall_motion", turn::on,
                                        "light.hall", turn::on))["triggers"][0];

  CHECK(trigger["trigger"].as<std::string>() == "state");
  CHECK(trigger["not_from"].as<std::vector<std::string>>() ==
        std::vector<std::string>{"unavailable", "unknown"});
  CHECK_FALSE(trigger["from"]);
}

TEST_CASE("a trigger waits for states that the domain has, and for their entry only") {
  const auto trigger_of = [](const char* entity, turn to) {
    return written(response(entity, to, "light.hall", turn::on))["triggers"][0];
  };
  const auto list = [](const YAML::Node& node) {
    return node.as<std::vector<std::string>>();
  };

  const auto alarm = trigger_of("alarm_control_panel.house", turn::on);
  const auto armed = list(alarm["to"]);
  CHECK(std::ranges::count(armed, "armed_away") == 1);
  CHECK(std::ranges::count(armed, "on") == 0);
  CHECK(std::ranges::count(list(alarm["not_from"]), "arming") == 1);
  CHECK(trigger_of("lawn_mower.robo", turn::on)["to"].as<std::string>() == "mowing");
  CHECK(trigger_of("water_heater.tank", turn::on)["from"].as<std::string>() == "off");
  CHECK_FALSE(trigger_of("water_heater.tank", turn::on)["to"]);
  const auto player = list(trigger_of("media_player.tv", turn::on)["to"]);
  CHECK(std::ranges::count(player, "playing") == 1);
  CHECK(std::ranges::count(player, "on") == 1);
}

TEST_CASE("ids that Home Assistant refuses make no automation") {
  for (const auto* const entity :
       {"switch.rf-0.switch", "light.a__b", "light.lamp_(en)", "light._a", "light.a_",
        "light.", "light", "Light.a", "light.\xc3\xa4"}) {
    INFO(entity);
    CHECK_FALSE(is_accepted_id(entity));
    CHECK_FALSE(automation_yaml(clock_habit(entity, turn::on, 0), {}));
    CHECK_FALSE(automation_yaml(response(entity, turn::on, "light.hall", turn::on), {}));
  }
  CHECK(is_accepted_id("light.a_1"));
}

TEST_CASE("a time just before midnight stays on its weekday") {
  const auto yaml =
    written(clock_habit("light.hall", turn::on, 23 * 3600 + 59 * 60 + 40));

  CHECK(yaml["triggers"][0]["at"].as<std::string>() == "23:59:00");
}

TEST_CASE("somebody leaving is seen as leaving home, wherever they go") {
  const auto trigger =
    written(response("person.anna", turn::off, "light.hall", turn::off))["triggers"][0];

  CHECK(trigger["from"].as<std::string>() == "home");
  CHECK(trigger["not_to"].size() == 2);
  CHECK_FALSE(trigger["to"]);
  CHECK_FALSE(trigger["not_from"]);
}

TEST_CASE("locks, garages, ovens and valves are asked about, never switched") {
  for (const auto* entity : {"lock.front_door", "cover.garage", "switch.oven",
                             "valve.main", "water_heater.tank", "siren.roof"}) {
    INFO(entity);
    const auto action = written(clock_habit(entity, turn::off, 23 * 3600))["actions"][0];
    CHECK(action["action"].as<std::string>() == "persistent_notification.create");
    CHECK_FALSE(action["target"]);
  }
}

TEST_CASE("a pattern that ends in a sensor or a person has no automation") {
  CHECK_FALSE(automation_yaml(clock_habit("binary_sensor.bed", turn::on, 0), {}));
  CHECK_FALSE(automation_yaml(clock_habit("person.anna", turn::off, 0), {}));
}

TEST_CASE("control characters and quotes survive in a quoted scalar") {
  const std::string odd = "a\"b\\c\nd\te: {{ states('x') }} # ü";

  CHECK(YAML::Load(yaml_quoted(odd)).as<std::string>() == odd);
  CHECK(yaml_quoted(odd).find('\n') == std::string::npos);
}

} // namespace
} // namespace habitd
