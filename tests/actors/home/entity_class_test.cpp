#include "actors/home/entity_class.hpp"
#include "actors/home/entity_name.hpp"

#include <catch2/catch.hpp>

namespace habitd {

TEST_CASE("states of each domain have the class that a person would give them") {
  const auto on = state_class::on;
  const auto off = state_class::off;
  const auto other = state_class::other;
  const auto absent = state_class::absent;
  const auto [domain, state, expected] =
    GENERATE_COPY(table<std::string, std::string, state_class>({
      {"light", "on", on},
      {"light", "off", off},
      {"light", "unavailable", absent},
      {"light", "unknown", absent},
      {"light", "", absent},
      {"light", "purple", other},
      {"binary_sensor", "True", on},
      {"binary_sensor", "FALSE", off},
      {"binary_sensor", "1", on},
      {"media_player", "playing", on},
      {"media_player", "paused", off},
      {"media_player", "standby", off},
      {"climate", "heat_cool", on},
      {"climate", "off", off},
      {"climate", "eco-something", other},
      {"water_heater", "performance", on},
      {"water_heater", "off", off},
      {"cover", "opening", on},
      {"cover", "closing", off},
      {"cover", "stopped", other},
      {"lock", "unlocked", on},
      {"lock", "locking", off},
      {"lock", "jammed", other},
      {"vacuum", "cleaning", on},
      {"vacuum", "returning", off},
      {"vacuum", "error", other},
      {"person", "home", on},
      {"person", "not_home", off},
      {"person", "Grandmother's garden in the country", off},
      {"device_tracker", "unknown", absent},
      {"alarm_control_panel", "armed_away", on},
      {"alarm_control_panel", "triggered", on},
      {"alarm_control_panel", "disarmed", off},
      {"sensor", "21.5", other},
      {"sensor", "on", other},
      {"automation", "on", other},
      {"sun", "above_horizon", other},
      {"group", "on", other},
    }));

  CAPTURE(domain, state);
  CHECK(classify(domain, state) == expected);
}

TEST_CASE("only what a person puts off, or leaves, has turns to off") {
  for (const auto* const domain :
       {"light", "switch", "fan", "media_player", "climate", "cover", "lock",
        "humidifier", "input_boolean", "vacuum", "water_heater", "siren", "valve",
        "person", "device_tracker"})
    CHECK(is_actuator(domain));
  for (const auto* const domain : {"binary_sensor", "sensor", "sun", "remote", ""})
    CHECK_FALSE(is_actuator(domain));
}

TEST_CASE("the domain of an entity is what stands before the dot") {
  CHECK(domain_of("light.kitchen") == "light");
  CHECK(domain_of("nonsense").empty());
}

TEST_CASE("names become entity ids, different names different ones") {
  CHECK(slug("Kitchen Fridge (Magnetic)") == "kitchen_fridge_magnetic");
  CHECK(slug("Küche") != slug("Köche"));
  CHECK(slug(" --- ").empty());
  CHECK(entity_id_for("Living room", "21.5") == "sensor.living_room");
  CHECK(entity_id_for("Living room", "True") == "binary_sensor.living_room");
  CHECK(is_entity_id(entity_id_for("Küche 2", "1")));
  CHECK(is_entity_id("light.kitchen_2"));
  CHECK_FALSE(is_entity_id("light.Kitchen"));
  CHECK_FALSE(is_entity_id("light"));
  CHECK_FALSE(is_entity_id("light.a.b"));
}

} // namespace habitd
