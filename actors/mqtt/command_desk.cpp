#include "actors/mqtt/command_desk.hpp"

#include <algorithm>
#include <utility>

namespace habitd {

command_desk::seen* command_desk::find(const mqtt_command& command) {
  if (command.id.empty())
    return nullptr;
  const auto at = std::find_if(seen_.begin(), seen_.end(), [&](const seen& one) {
    return one.verb == command.verb && one.id == command.id;
  });
  return at == seen_.end() ? nullptr : &*at;
}

bool command_desk::has_room(bucket& of, time_point now) const {
  if (of.used == 0)
    of.since = now;
  const auto freed = static_cast<std::size_t>(
    std::max<std::int64_t>((now - of.since) / limits_.refill, 0));
  of.since += limits_.refill * freed;
  of.used -= std::min(of.used, freed);
  return of.used < limits_.burst;
}

command_desk::decision command_desk::admit(const mqtt_command& command, time_point now) {
  if (const auto* known = find(command))
    return {false, known->answer};
  auto& room = buckets_.at(static_cast<std::size_t>(command.verb));
  if (!has_room(room, now)) {
    const bool told = std::exchange(room.told, true);
    if (told)
      return {};
    return {false,
            command_answer{"refused", "too many commands; try again in a minute", {}}};
  }
  room.told = false;
  ++room.used;
  if (!command.id.empty()) {
    seen_.push_back({command.verb, command.id, std::nullopt});
    if (seen_.size() > limits_.remembered)
      seen_.pop_front();
  }
  return {true, std::nullopt};
}

void command_desk::answered(const mqtt_command& command, const command_answer& answer) {
  if (auto* known = find(command))
    known->answer = answer;
}

} // namespace habitd
