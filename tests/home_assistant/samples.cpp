// Prints automations of every kind that habitd writes, one JSON object a line, for the real
// Home Assistant to judge.

#include "actors/suggestion/automation_yaml.hpp"
#include "actors/suggestion/domain.hpp"

#include <boost/json.hpp>

#include <cstdio>

namespace habitd {

namespace {

namespace json = boost::json;

std::string word(turn to) {
  return to == turn::on ? "on" : "off";
}

void print(const pattern& habit, json::object says) {
  static int number = 0;
  const auto id = "habitd_" + std::to_string(number++);
  const auto yaml = automation_yaml(
    habit, {id, "A \"quoted\" name: #" + id, "Why it is so: 85 %\n- and more"});
  if (!yaml)
    return;
  says["id"] = id;
  says["entity"] = habit.entities.back();
  says["turn"] = word(habit.turns.back());
  says["asks"] = needs_a_person(habit.entities.back());
  says["yaml"] = *yaml;
  std::puts(json::serialize(says).c_str());
}

void print_response(const std::string& trigger, turn from, const std::string& entity,
                    turn to) {
  pattern habit;
  habit.entities = {trigger, entity};
  habit.turns = {from, to};
  habit.window = 60;
  print(habit, {{"trigger", trigger}, {"trigger_turn", word(from)}});
}

void print_time(int seconds, const std::vector<int>& weekdays) {
  pattern habit;
  habit.entities = {"light.lamp"};
  habit.turns = {turn::on};
  habit.time = seconds;
  habit.weekdays = weekdays;
  print(habit, {{"time", seconds}, {"weekdays", json::value_from(weekdays)}});
}

} // namespace

} // namespace habitd

int main() {
  using namespace habitd;
  for (const auto& row : domain_table())
    for (const auto from : {turn::on, turn::off})
      print_response(std::string{row.domain} + ".trigger", from, "light.lamp", turn::on);
  for (const auto& row : domain_table())
    for (const auto to : {turn::on, turn::off})
      if (!row.turn_on.empty())
        print_response("binary_sensor.motion", turn::on,
                       std::string{row.domain} + ".thing", to);
  for (const int seconds : {0, 1800, 7 * 3600 + 300, 23 * 3600 + 59 * 60})
    for (const auto& weekdays :
         std::vector<std::vector<int>>{{0, 1, 2, 3, 4, 5, 6}, {0, 1, 2, 3, 4}, {5, 6}})
      print_time(seconds, weekdays);
}
