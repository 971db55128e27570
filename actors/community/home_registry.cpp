#include "actors/community/home_registry.hpp"

#include "actors/community/yaml_walk.hpp"
#include "actors/home/archive_input.hpp"

#include <simdjson.h>

#include <algorithm>
#include <unordered_map>

namespace habitd {

namespace {

namespace fs = std::filesystem;
using simdjson::dom::element;

constexpr std::size_t largest_file = std::size_t{64} << 20;

expected<std::string> file_text(const fs::path& file) {
  auto input = archive_input::open(file);
  if (!input)
    return input.error();
  if (auto member = input->next_member(); !member)
    return member.error();
  std::string text;
  std::vector<char> block(64 << 10);
  while (true) {
    const auto got = input->read(block);
    if (!got)
      return got.error();
    if (*got == 0)
      return text;
    text.append(block.data(), *got);
    if (text.size() > largest_file)
      return make_error(ec::invalid_input, file.string() + ": more than 64 MB");
  }
}

std::string text_at(const element& object, const char* key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

/// Visits the objects of `data.<list>` in a registry file.
/// @returns  false if there is no such file.
template <class Visit>
expected<bool> read_list(const fs::path& folder, const std::string& name,
                         const char* list, Visit visit) {
  auto file = folder / name;
  std::error_code unreadable;
  if (!fs::exists(file, unreadable))
    file += ".zst";
  if (!fs::exists(file, unreadable))
    return false;
  const auto text = file_text(file);
  if (!text)
    return text.error();
  simdjson::dom::parser parser;
  element root;
  simdjson::dom::array items;
  if (parser.parse(*text).get(root) != simdjson::SUCCESS ||
      root["data"][list].get(items) != simdjson::SUCCESS)
    return make_error(ec::invalid_input,
                      file.string() + ": not a registry of Home Assistant");
  for (const auto item : items)
    if (item.is_object())
      visit(item);
  return true;
}

void read_device(const element& item, home_registry& home,
                 std::unordered_map<std::string, std::uint32_t>& positions) {
  if (!text_at(item, "disabled_by").empty())
    return;
  home_device device;
  device.id = text_at(item, "id");
  device.name = text_at(item, "name_by_user");
  if (device.name.empty())
    device.name = text_at(item, "name");
  device.manufacturer = text_at(item, "manufacturer");
  device.model = text_at(item, "model");
  device.model_id = text_at(item, "model_id");
  device.area = text_at(item, "area_id");
  simdjson::dom::array identifiers;
  if (item["identifiers"].get(identifiers) == simdjson::SUCCESS)
    for (const auto pair : identifiers) {
      std::string_view integration;
      if (pair.at(0).get(integration) == simdjson::SUCCESS)
        add_once(device.integrations, std::string{integration});
    }
  positions[device.id] = static_cast<std::uint32_t>(home.devices.size());
  home.devices.push_back(std::move(device));
}

void read_entity(const element& item, home_registry& home,
                 const std::unordered_map<std::string, std::uint32_t>& devices) {
  if (!text_at(item, "disabled_by").empty() || !text_at(item, "hidden_by").empty())
    return;
  home_entity entity;
  entity.id = text_at(item, "entity_id");
  entity.integration = text_at(item, "platform");
  entity.device_class = text_at(item, "device_class");
  if (entity.device_class.empty())
    entity.device_class = text_at(item, "original_device_class");
  entity.area = text_at(item, "area_id");
  entity.is_diagnostic = !text_at(item, "entity_category").empty();
  std::uint64_t features = 0;
  if (item["supported_features"].get(features) == simdjson::SUCCESS)
    entity.features = static_cast<std::uint32_t>(features);
  if (const auto device = devices.find(text_at(item, "device_id"));
      device != devices.end()) {
    entity.device = device->second;
    if (entity.area.empty())
      entity.area = home.devices[device->second].area;
  }
  home.entities.push_back(std::move(entity));
}

} // namespace

expected<home_registry> read_home_registry(const fs::path& folder) {
  home_registry home;
  std::unordered_map<std::string, std::uint32_t> devices;
  const auto area = [&](const element& item) {
    auto id = text_at(item, "id");
    if (id.empty())
      id = text_at(item, "area_id");
    home.areas[id] = text_at(item, "name");
  };
  if (auto read = read_list(folder, "core.area_registry", "areas", area); !read)
    return read.error();
  const auto device = [&](const element& item) { read_device(item, home, devices); };
  if (auto read = read_list(folder, "core.device_registry", "devices", device); !read)
    return read.error();
  const auto entity = [&](const element& item) { read_entity(item, home, devices); };
  const auto entities = read_list(folder, "core.entity_registry", "entities", entity);
  if (!entities)
    return entities.error();
  if (!*entities)
    return make_error(ec::not_found, "no core.entity_registry in " + folder.string());
  std::sort(home.entities.begin(), home.entities.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  for (std::uint32_t i = 0; i < home.entities.size(); ++i)
    if (const auto& each = home.entities[i]; each.device != no_device) {
      auto& of = home.devices[each.device];
      of.entities.push_back(i);
      add_once(of.integrations, each.integration);
    }
  return home;
}

std::uint32_t feature_bit(std::string_view name) {
  static const std::unordered_map<std::string_view, std::uint32_t> bits{
    {"light.LightEntityFeature.EFFECT", 4},
    {"light.LightEntityFeature.FLASH", 8},
    {"light.LightEntityFeature.TRANSITION", 32},
    {"cover.CoverEntityFeature.OPEN", 1},
    {"cover.CoverEntityFeature.CLOSE", 2},
    {"cover.CoverEntityFeature.SET_POSITION", 4},
    {"cover.CoverEntityFeature.STOP", 8},
    {"cover.CoverEntityFeature.OPEN_TILT", 16},
    {"cover.CoverEntityFeature.CLOSE_TILT", 32},
    {"cover.CoverEntityFeature.STOP_TILT", 64},
    {"cover.CoverEntityFeature.SET_TILT_POSITION", 128},
    {"media_player.MediaPlayerEntityFeature.PAUSE", 1},
    {"media_player.MediaPlayerEntityFeature.SEEK", 2},
    {"media_player.MediaPlayerEntityFeature.VOLUME_SET", 4},
    {"media_player.MediaPlayerEntityFeature.VOLUME_MUTE", 8},
    {"media_player.MediaPlayerEntityFeature.TURN_ON", 128},
    {"media_player.MediaPlayerEntityFeature.TURN_OFF", 256},
    {"media_player.MediaPlayerEntityFeature.PLAY_MEDIA", 512},
    {"media_player.MediaPlayerEntityFeature.VOLUME_STEP", 1024},
    {"media_player.MediaPlayerEntityFeature.SELECT_SOURCE", 2048},
    {"media_player.MediaPlayerEntityFeature.STOP", 4096},
    {"media_player.MediaPlayerEntityFeature.PLAY", 16384},
    {"media_player.MediaPlayerEntityFeature.BROWSE_MEDIA", 131072},
    {"media_player.MediaPlayerEntityFeature.GROUPING", 524288},
    {"media_player.MediaPlayerEntityFeature.MEDIA_ANNOUNCE", 1048576},
    {"climate.ClimateEntityFeature.TARGET_TEMPERATURE", 1},
    {"climate.ClimateEntityFeature.TARGET_TEMPERATURE_RANGE", 2},
    {"climate.ClimateEntityFeature.TARGET_HUMIDITY", 4},
    {"climate.ClimateEntityFeature.FAN_MODE", 8},
    {"climate.ClimateEntityFeature.PRESET_MODE", 16},
    {"climate.ClimateEntityFeature.SWING_MODE", 32},
    {"climate.ClimateEntityFeature.TURN_OFF", 128},
    {"climate.ClimateEntityFeature.TURN_ON", 256},
    {"fan.FanEntityFeature.SET_SPEED", 1},
    {"fan.FanEntityFeature.OSCILLATE", 2},
    {"fan.FanEntityFeature.DIRECTION", 4},
    {"fan.FanEntityFeature.PRESET_MODE", 8},
    {"lock.LockEntityFeature.OPEN", 1},
    {"camera.CameraEntityFeature.ON_OFF", 1},
    {"camera.CameraEntityFeature.STREAM", 2},
    {"update.UpdateEntityFeature.INSTALL", 1},
    {"vacuum.VacuumEntityFeature.PAUSE", 4},
    {"vacuum.VacuumEntityFeature.STOP", 8},
    {"vacuum.VacuumEntityFeature.RETURN_HOME", 16},
    {"vacuum.VacuumEntityFeature.SEND_COMMAND", 256},
    {"vacuum.VacuumEntityFeature.START", 8192},
    {"alarm_control_panel.AlarmControlPanelEntityFeature.ARM_HOME", 1},
    {"alarm_control_panel.AlarmControlPanelEntityFeature.ARM_AWAY", 2},
    {"alarm_control_panel.AlarmControlPanelEntityFeature.ARM_NIGHT", 4},
    {"alarm_control_panel.AlarmControlPanelEntityFeature.ARM_VACATION", 32},
  };
  const auto found = bits.find(name);
  return found == bits.end() ? 0 : found->second;
}

} // namespace habitd
