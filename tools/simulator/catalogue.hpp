#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace habitd {

class random_stream;

/// One entity of a simulated home.
struct simulated_entity {
  std::string id{};      // "light.kitchen_ceiling"
  std::string name{};    // "Kitchen ceiling"
  std::string area{};    // "Kitchen"
  std::string on{};      // state text of its on-class; empty for a number
  std::string off{};     // state text of its off-class
  std::string details{}; // JSON members after the name, each led by a comma; may be empty
  double base = 0;       // of what it measures, if anything: what it wanders around
  double step = 0;       // the smallest change; decides the decimals
  bool dimmable = false;
};

/// Hands out plausible entities, each once. When a home has more of a sort than rooms to put
/// them in, they are numbered: "light.kitchen_ceiling_2".
class entity_catalogue {
public:
  enum class sort : std::uint8_t {
    light,
    motion,
    door,
    appliance, // switch, fan, cover, media player, coffee machine, lock
    climate,
    pump, // what reports by itself
    number,
  };

  /// The next entity of a sort, in a room drawn from `random`.
  simulated_entity take(sort wanted, random_stream& random);

private:
  std::map<std::string, int> used_; // by id without number
};

} // namespace habitd
