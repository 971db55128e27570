#pragma once

#include "messages/error.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

constexpr std::uint32_t no_device = 0xffff'ffff;

/// An entity of the home that can be used: neither disabled nor hidden.
struct home_entity {
  std::string id; // "light.kitchen"
  std::string integration;
  std::string device_class; // the user's, else the integration's; may be empty
  std::string area;         // its own, else its device's; id of the area
  std::uint32_t features = 0;
  std::uint32_t device = no_device; // position in `devices`
  bool is_diagnostic = false;       // or for configuration: no one automates by those
};

struct home_device {
  std::string id;
  std::string name;
  std::string manufacturer;
  std::string model;
  std::string model_id;
  std::string area;
  std::vector<std::string> integrations;
  std::vector<std::uint32_t> entities; // positions
};

/// Entities, devices and areas of a home, as Home Assistant registers them.
struct home_registry {
  std::vector<home_entity> entities;        // by id
  std::vector<home_device> devices;         // in use: not disabled
  std::map<std::string, std::string> areas; // name by id

  bool is_empty() const { return entities.empty() && devices.empty(); }
};

/// Reads `core.entity_registry`, `core.device_registry` and `core.area_registry`, each plain
/// or as `.zst`, of a folder, "config/.storage" as a rule. A missing one is empty, but for
/// that of entities.
/// @errors ec::not_found without entities; ec::invalid_input naming the file that is not what
///         it should be.
expected<home_registry> read_home_registry(const std::filesystem::path& folder);

/// The bit of a feature named like "light.LightEntityFeature.TRANSITION"; 0 if it is unknown.
/// Source: homeassistant/components/*/const.py of 2026.11.
std::uint32_t feature_bit(std::string_view name);

} // namespace habitd
