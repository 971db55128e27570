#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace habitd {

enum class blueprint_domain : std::uint8_t { automation, script, template_entity };

/// Which entities a selector takes. All that is set must hold; of a list, one of it.
struct entity_wish {
  std::string integration{};
  std::vector<std::string> domains{};
  std::vector<std::string> device_classes{};
  std::vector<std::string> features{}; // "light.LightEntityFeature.TRANSITION"
  bool operator==(const entity_wish&) const = default;
};

/// Which devices a selector takes, likewise.
struct device_wish {
  std::string integration{};
  std::string manufacturer{};
  std::string model{};
  std::string model_id{};
  bool operator==(const device_wish&) const = default;
};

/// One input of a blueprint.
struct blueprint_input {
  std::string key{};
  std::string name{};
  std::string section{};               // key of the section it is in; empty = none
  std::string selector{};              // "entity", "number", …; empty = none is given
  std::vector<entity_wish> entities{}; // one of these; none = any entity
  std::vector<device_wish> devices{};  // one of these; none = any device
  bool multiple = false;
  bool required = true;        // no default
  bool always_visible = true;  // false: hidden, or shown under a condition only
  std::string default_value{}; // of a scalar, as written
  bool operator==(const blueprint_input&) const = default;
};

/// All that habitd reads out of the YAML of a blueprint or automation.
struct blueprint_facts {
  bool is_blueprint = true; // false: a plain automation or script
  blueprint_domain domain = blueprint_domain::automation;
  std::string name{};
  std::string description{};
  std::string author{};
  std::string source_url{};
  std::string min_version{}; // of Home Assistant, as written
  std::vector<blueprint_input> inputs{};
  std::vector<std::string> triggers{};   // kinds: "state", "sun", "light.turned_on", …
  std::vector<std::string> conditions{}; // kinds: "time", "template", …
  std::vector<std::string> actions{};    // "light.turn_on", "delay", "choose", …
  std::vector<std::string> domains{};    // of entities it works with
  std::vector<std::string> device_classes{}; // likewise
  std::vector<std::string> integrations{};   // "zha", "mqtt", "mobile_app", …
  std::vector<std::string> risks{}; // actions that want a look: "lock.unlock", …
  std::uint32_t templates = 0;      // Jinja expressions
  bool old_syntax = false;          // `service:`, `platform:`, singular keys
  bool needs_newer = false; // uses `visible`, or purpose triggers, which 2026.2 lacks
  bool operator==(const blueprint_facts&) const = default;
};

} // namespace habitd
