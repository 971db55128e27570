// Prints automations of every kind that habitd writes, one JSON object a line, for the real
// Home Assistant to judge.

#include "actors/detector/co_occurrence/finding.hpp"
#include "actors/detector/time_of_day/finding.hpp"
#include "actors/suggestion/automation_yaml.hpp"
#include "actors/suggestion/domain.hpp"

#include <boost/json.hpp>

#include <cstdio>

namespace habitd {

namespace {

namespace json = boost::json;

constexpr std::array triggers{"binary_sensor", "light",  "switch",       "fan",
                              "input_boolean", "person", "media_player", "cover",
                              "lock",          "climate"};

constexpr std::array switched{"light", "switch",  "fan",    "input_boolean", "humidifier",
                              "siren", "climate", "lock",   "water_heater",  "cover",
                              "valve", "remote",  "vacuum", "media_player"};

std::string word(turn to) {
  return to == turn::on ? "on" : "off";
}

void print(const pattern& habit, json::object says) {
  static int number = 0;
  const auto id = "habitd_" + std::to_string(number++);
  const auto made = automation_for(habit);
  if (!made)
    return;
  const auto yaml = automation_yaml(
    *made, {id, "A \"quoted\" name: #" + id, "Why it is so: 85 %\n- and more"});
  says["id"] = id;
  says["entity"] = habit.entities.back();
  says["turn"] = word(habit.turns.back());
  says["asks"] = needs_a_person(habit.entities.back());
  says["yaml"] = yaml;
  std::puts(json::serialize(says).c_str());
}

void print_response(const std::string& trigger, turn from, const std::string& entity,
                    turn to) {
  pattern habit;
  habit.entities = {trigger, entity};
  habit.turns = {from, to};
  habit.detector = "co_occurrence";
  habit.own = own_part(response_finding{60, std::nullopt});
  print(habit, {{"trigger", trigger}, {"trigger_turn", word(from)}});
}

void print_time(int seconds, const std::vector<int>& weekdays) {
  pattern habit;
  habit.entities = {"light.lamp"};
  habit.turns = {turn::on};
  habit.detector = "time_of_day";
  habit.own = own_part(clock_finding{seconds, 10});
  habit.weekdays = weekdays;
  print(habit, {{"time", seconds}, {"weekdays", json::value_from(weekdays)}});
}

} // namespace

} // namespace habitd

int main() {
  using namespace habitd;
  for (const std::string domain : triggers)
    for (const auto from : {turn::on, turn::off})
      print_response(domain + ".trigger", from, "light.lamp", turn::on);
  for (const std::string domain : switched)
    for (const auto to : {turn::on, turn::off})
      print_response("binary_sensor.motion", turn::on, domain + ".thing", to);
  for (const int seconds : {0, 1800, 7 * 3600 + 300, 23 * 3600 + 59 * 60})
    for (const auto& weekdays :
         std::vector<std::vector<int>>{{0, 1, 2, 3, 4, 5, 6}, {0, 1, 2, 3, 4}, {5, 6}})
      print_time(seconds, weekdays);
}
