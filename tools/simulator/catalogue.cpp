#include "tools/simulator/catalogue.hpp"

#include "tools/simulator/random_stream.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <span>
#include <string_view>

namespace habitd {

namespace {

struct model {
  std::string_view domain;
  std::string_view suffix;
  std::string_view on;
  std::string_view off;
  std::string_view details;
  double base = 0;
  double step = 0;
};

constexpr std::array rooms{
  "Kitchen", "Hall",   "Living room", "Bedroom", "Bathroom",    "Office",   "Kids room",
  "Garage",  "Garden", "Laundry",     "Attic",   "Dining room", "Basement", "Guest room"};

constexpr std::array lights{
  model{"light", "ceiling", "on", "off", R"(,"supported_color_modes":["brightness"])"},
  model{"light", "lamp", "on", "off", R"(,"supported_color_modes":["brightness"])"},
  model{"light", "strip", "on", "off", R"(,"supported_color_modes":["color_temp"])"}};

constexpr std::array motions{
  model{"binary_sensor", "motion", "on", "off", R"(,"device_class":"motion")"},
  model{"binary_sensor", "presence", "on", "off", R"(,"device_class":"occupancy")"}};

constexpr std::array doors{
  model{"binary_sensor", "door", "on", "off", R"(,"device_class":"door")"},
  model{"binary_sensor", "window", "on", "off", R"(,"device_class":"window")"}};

constexpr std::array appliances{
  model{"switch", "socket", "on", "off", R"(,"device_class":"outlet")"},
  model{"cover", "blind", "open", "closed", R"(,"device_class":"blind")"},
  model{"media_player", "speaker", "playing", "off", R"(,"device_class":"speaker")"},
  model{"fan", "fan", "on", "off", ""},
  model{"switch", "heater", "on", "off", ""},
  model{"lock", "lock", "unlocked", "locked", ""}};

constexpr std::array climates{model{"climate", "thermostat", "heat", "off",
                                    R"(,"hvac_modes":["off","heat"],"temperature":21)",
                                    20.5, 0.1}};

constexpr std::array pumps{
  model{"binary_sensor", "heartbeat", "on", "off", R"(,"device_class":"connectivity")"},
  model{"switch", "pump", "on", "off", ""}};

constexpr std::array numbers{
  model{
    "sensor", "temperature", "", "",
    R"(,"device_class":"temperature","state_class":"measurement","unit_of_measurement":"°C")",
    20.5, 0.1},
  model{
    "sensor", "power", "", "",
    R"(,"device_class":"power","state_class":"measurement","unit_of_measurement":"W")",
    85, 1},
  model{
    "sensor", "humidity", "", "",
    R"(,"device_class":"humidity","state_class":"measurement","unit_of_measurement":"%")",
    48, 0.1},
  model{
    "sensor", "illuminance", "", "",
    R"(,"device_class":"illuminance","state_class":"measurement","unit_of_measurement":"lx")",
    140, 1},
  model{
    "sensor", "voltage", "", "",
    R"(,"device_class":"voltage","state_class":"measurement","unit_of_measurement":"V")",
    231, 0.1}};

std::span<const model> models_of(entity_catalogue::sort wanted) {
  switch (wanted) {
  case entity_catalogue::sort::light:
    return lights;
  case entity_catalogue::sort::motion:
    return motions;
  case entity_catalogue::sort::door:
    return doors;
  case entity_catalogue::sort::appliance:
    return appliances;
  case entity_catalogue::sort::climate:
    return climates;
  case entity_catalogue::sort::pump:
    return pumps;
  case entity_catalogue::sort::number:
    break;
  }
  return numbers;
}

std::string slug(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    c = c == ' ' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

} // namespace

simulated_entity entity_catalogue::take(sort wanted, random_stream& random) {
  const auto models = models_of(wanted);
  const auto& kind = models[random.below(models.size())];
  const std::string room = rooms.at(random.below(rooms.size()));
  auto id = fmt::format("{}.{}_{}", kind.domain, slug(room), kind.suffix);
  auto name = fmt::format("{} {}", room, kind.suffix);
  if (const auto count = ++used_[id]; count > 1) {
    id += fmt::format("_{}", count);
    name += fmt::format(" {}", count);
  }
  return {.id = id,
          .name = name,
          .area = room,
          .on = std::string{kind.on},
          .off = std::string{kind.off},
          .details = std::string{kind.details},
          .base = kind.base,
          .step = kind.step,
          .dimmable = kind.domain == "light"};
}

} // namespace habitd
