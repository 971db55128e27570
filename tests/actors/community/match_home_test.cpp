#include "actors/community/match_home.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace habitd;

namespace {

/// A hall with motion and a dimmable light by zha, and a kitchen with a plain light.
home_registry sample_home() {
  home_registry home;
  home.areas = {{"hall", "Hall"}, {"kitchen", "Kitchen"}};
  home_device sensor;
  sensor.id = "dev1";
  sensor.manufacturer = "IKEA of Sweden";
  sensor.model = "E1745";
  sensor.area = "hall";
  sensor.integrations = {"zha"};
  home.devices.push_back(sensor);
  const auto add = [&home](std::string id, std::string device_class, std::string area,
                           std::uint32_t features, std::uint32_t device) {
    home_entity entity;
    entity.id = std::move(id);
    entity.device_class = std::move(device_class);
    entity.area = std::move(area);
    entity.features = features;
    entity.device = device;
    entity.integration = device == no_device ? "hue" : "zha";
    if (device != no_device)
      home.devices[device].entities.push_back(
        static_cast<std::uint32_t>(home.entities.size()));
    home.entities.push_back(entity);
  };
  add("binary_sensor.hall_motion", "motion", "hall", 0, 0);
  add("light.kitchen", "", "kitchen", 0, no_device);
  add("light.hall", "", "hall", 32, no_device);
  return home;
}

blueprint_input input_of(const std::string& selector, entity_wish wish = {}) {
  blueprint_input input;
  input.key = "x";
  input.selector = selector;
  if (wish != entity_wish{})
    input.entities.push_back(std::move(wish));
  return input;
}

input_match fit_of(const blueprint_input& input) {
  return match_home({input}, sample_home()).inputs.at(0);
}

} // namespace

TEST_CASE("an input is found where domain, class, integration and features fit") {
  CHECK(fit_of(input_of("entity", {"", {"binary_sensor"}, {"door", "motion"}, {}}))
          .candidates == std::vector<std::string>{"binary_sensor.hall_motion"});
  CHECK(fit_of(input_of("entity", {"", {"binary_sensor"}, {"door"}, {}})).fit ==
        input_fit::missing);
  CHECK(fit_of(input_of("entity", {"zha", {"light"}, {}, {}})).fit == input_fit::missing);
  CHECK(fit_of(input_of("target",
                        {"", {"light"}, {}, {"light.LightEntityFeature.TRANSITION"}}))
          .candidates == std::vector<std::string>{"light.hall"});
  CHECK(fit_of(input_of("entity", {"", {"sun"}, {}, {}})).candidates ==
        std::vector<std::string>{"sun.sun"});
}

TEST_CASE("a device is found by maker, model, integration and by its entities") {
  auto input = input_of("device", {"", {}, {"motion"}, {}});
  input.devices.push_back({"zha", "ikea of sweden", "E1745", ""});
  CHECK(fit_of(input).candidates == std::vector<std::string>{"dev1"});

  input.devices[0].model = "E2001";
  CHECK(fit_of(input).fit == input_fit::missing);
  input.devices[0].model = "";
  input.entities[0].device_classes = {"door"};
  CHECK(fit_of(input).fit == input_fit::missing);
}

TEST_CASE("areas are those with what fits, helpers can be made, values are free") {
  CHECK(fit_of(input_of("area", {"", {"binary_sensor"}, {}, {}})).candidates ==
        std::vector<std::string>{"hall"});
  CHECK(fit_of(input_of("entity", {"", {"input_boolean"}, {}, {}})).fit ==
        input_fit::creatable);
  CHECK(fit_of(input_of("number")).fit == input_fit::free);
  CHECK(fit_of(input_of("")).fit == input_fit::unknown);
}

TEST_CASE("optional and hidden inputs are not missing") {
  auto missing = input_of("entity", {"", {"vacuum"}, {}, {}});
  CHECK_FALSE(match_home({missing}, sample_home()).is_runnable());
  auto optional = missing;
  optional.required = false;
  CHECK(match_home({optional}, sample_home()).is_runnable());
  auto hidden = missing;
  hidden.always_visible = false;
  CHECK(match_home({hidden}, sample_home()).is_runnable());
}

TEST_CASE("inputs are filled from one area where that is possible") {
  const auto match = match_home({input_of("entity", {"", {"binary_sensor"}, {}, {}}),
                                 input_of("entity", {"", {"light"}, {}, {}})},
                                sample_home());

  CHECK(match.inputs[1].candidates ==
        std::vector<std::string>{"light.hall", "light.kitchen"});
}

TEST_CASE("registries are read as Home Assistant writes them") {
  const scratch_directory folder;
  const auto write = [&](const char* name, const char* text) {
    std::ofstream{folder.path() / name} << text;
  };
  write("core.area_registry", R"({"data":{"areas":[{"id":"hall","name":"Hall"}]}})");
  write("core.device_registry",
        R"({"data":{"devices":[
          {"id":"d1","name":"Plug","area_id":"hall","identifiers":[["zha","00:11"]],
           "manufacturer":null,"model":"X"},
          {"id":"d2","disabled_by":"user","identifiers":[]}]}})");
  write("core.entity_registry",
        R"({"data":{"entities":[
          {"entity_id":"switch.plug","platform":"zha","device_id":"d1",
           "original_device_class":"outlet","supported_features":0},
          {"entity_id":"light.off","platform":"hue","disabled_by":"user"},
          {"entity_id":"light.hidden","platform":"hue","hidden_by":"user"}]}})");

  const auto home = read_home_registry(folder.path());

  REQUIRE(home);
  REQUIRE(home->entities.size() == 1);
  CHECK(home->entities[0].id == "switch.plug");
  CHECK(home->entities[0].device_class == "outlet");
  CHECK(home->entities[0].area == "hall"); // its device's
  REQUIRE(home->devices.size() == 1);
  CHECK(home->devices[0].integrations == std::vector<std::string>{"zha"});
  CHECK(home->areas.at("hall") == "Hall");

  write("core.entity_registry", "[]");
  CHECK(code_of(read_home_registry(folder.path()).error()) == ec::invalid_input);
  CHECK(code_of(read_home_registry(folder.path() / "none").error()) == ec::not_found);
}
