// Any topic with any payload: routed, parsed and answered without harm.

#include "actors/mqtt/command.hpp"
#include "actors/mqtt/command_desk.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace habitd;
  static const auto topics = topics_of({}, "habitd_x");
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  const auto split = input.find('\n');
  const auto payload = split == input.npos ? std::string_view{} : input.substr(split + 1);
  const auto given = input.substr(0, split);
  // Most inputs are to get behind the first check.
  const auto topic =
    given.starts_with('/') ? topics.commands + std::string{given} : std::string{given};
  if (route_of(topics, "online", topic, payload) != mqtt_route::command)
    return 0;
  const auto command = parse_command(topics, topic, payload);
  if (!command)
    return 0;
  if (command->id.size() > 64)
    std::abort();
  command_desk desk;
  if (!desk.admit(*command, {}).carry_out)
    std::abort();
  to_json(*command, {"done", {}, {}});
  return 0;
}
