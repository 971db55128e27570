#include "actors/community/read_steps.hpp"

#include "actors/community/yaml_walk.hpp"
#include "messages/home_day.hpp"

#include <algorithm>
#include <array>

namespace habitd {

namespace {

/// Domains of Home Assistant that hold entities.
/// Source: homeassistant/components of 2026.11, those with an entity platform or helpers.
constexpr std::array entity_domains{"ai_task",
                                    "air_quality",
                                    "alarm_control_panel",
                                    "alert",
                                    "assist_satellite",
                                    "automation",
                                    "binary_sensor",
                                    "button",
                                    "calendar",
                                    "camera",
                                    "climate",
                                    "conversation",
                                    "counter",
                                    "cover",
                                    "date",
                                    "datetime",
                                    "device_tracker",
                                    "event",
                                    "fan",
                                    "geo_location",
                                    "group",
                                    "humidifier",
                                    "image",
                                    "image_processing",
                                    "input_boolean",
                                    "input_button",
                                    "input_datetime",
                                    "input_number",
                                    "input_select",
                                    "input_text",
                                    "lawn_mower",
                                    "light",
                                    "lock",
                                    "media_player",
                                    "notify",
                                    "number",
                                    "person",
                                    "plant",
                                    "proximity",
                                    "remote",
                                    "scene",
                                    "schedule",
                                    "script",
                                    "select",
                                    "sensor",
                                    "siren",
                                    "stt",
                                    "sun",
                                    "switch",
                                    "tag",
                                    "text",
                                    "time",
                                    "timer",
                                    "todo",
                                    "tts",
                                    "update",
                                    "vacuum",
                                    "valve",
                                    "wake_word",
                                    "water_heater",
                                    "weather",
                                    "zone"};

/// Domains that every installation has, and that say nothing about its devices.
constexpr std::array everywhere{"homeassistant", "persistent_notification",
                                "logbook",       "system_log",
                                "recorder",      "frontend",
                                "notify",        "script",
                                "automation",    "scene",
                                "group",         "event",
                                "template",      "variable",
                                "zone",          "sun",
                                "conversation",  "tts"};

/// Triggers of Home Assistant itself; any other name is an integration's.
constexpr std::array own_triggers{
  "state",           "numeric_state", "time",
  "time_pattern",    "sun",           "zone",
  "template",        "event",         "homeassistant",
  "device",          "calendar",      "tag",
  "webhook",         "conversation",  "persistent_notification",
  "geo_location",    "mqtt",          "input",
  "assist_satellite"};

template <class Names>
bool is_one_of(std::string_view name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool looks_like_name(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") ==
           std::string_view::npos;
}

/// Walks the whole document once. Depth is bounded: the reader of the YAML bounds it.
class step_reader {
public:
  explicit step_reader(blueprint_facts& facts) : facts_{facts} {}

  void triggers(const yaml_node* list) {
    for (const auto* item : items_of(list)) {
      if (is_input(item)) {
        add_once(facts_.triggers, "input");
      } else if (is_map(item)) {
        if (const auto* nested = find(*item, "triggers"))
          triggers(nested);
        else
          one_trigger(*item);
      }
    }
  }

  void conditions(const yaml_node* list) {
    for (const auto* item : items_of(list)) {
      if (is_input(item))
        add_once(facts_.conditions, "input");
      else if (is_scalar(item))
        add_once(facts_.conditions, "template");
      else if (is_map(item))
        one_condition(*item);
    }
  }

  void actions(const yaml_node* list) {
    for (const auto* item : items_of(list)) {
      if (is_input(item))
        add_once(facts_.actions, "input");
      else if (is_map(item))
        one_action(*item);
      else if (item->is == yaml_node::kind::list) // within `parallel`
        actions(item);
      else if (!text_of(item).empty()) // a bare template is a condition
        add_once(facts_.conditions, "template");
    }
  }

  /// What stands anywhere: entities that are named, classes asked for, templates.
  void values(const yaml_node& node, std::string_view key) {
    if (is_scalar(&node)) {
      if (node.text.find("{{") != std::string::npos ||
          node.text.find("{%") != std::string::npos)
        ++facts_.templates;
      if (key == "entity_id" || key == "entity")
        entity(node.text);
      else if (key == "device_class")
        device_class(node.text);
      return;
    }
    for (const auto& [name, value] : node.entries)
      values(value, name.text.empty() ? key : std::string_view{name.text});
  }

  void wishes(const blueprint_input& input) {
    for (const auto& wish : input.entities) {
      for (const auto& domain : wish.domains)
        add_once(facts_.domains, domain);
      for (const auto& name : wish.device_classes)
        add_once(facts_.device_classes, name);
      integration(wish.integration);
    }
    for (const auto& wish : input.devices)
      integration(wish.integration);
  }

private:
  void one_trigger(const yaml_node& item) {
    const auto* given = find_any(item, {"trigger", "platform"});
    facts_.old_syntax |= find(item, "platform") != nullptr;
    const auto kind = is_input(given) ? std::string{"input"} : text_of(given);
    add_once(facts_.triggers, kind);
    if (kind == "device") {
      of_device(item);
    } else if (kind == "event") {
      for (const auto& type : texts_of(find(item, "event_type")))
        if (type.ends_with("_event"))
          integration(type.substr(0, type.size() - 6));
    } else if (kind == "mqtt") {
      integration("mqtt");
    } else if (const auto dot = kind.find('.'); dot != std::string::npos) {
      facts_.needs_newer = true; // a purpose trigger
      domain_or_integration(kind.substr(0, dot));
    } else if (looks_like_name(kind) && !is_one_of(kind, own_triggers)) {
      integration(kind.substr(0, kind.find('.')));
    }
  }

  void one_condition(const yaml_node& item) {
    for (const auto* group : {"and", "or", "not"})
      if (const auto* nested = find(item, group)) {
        add_once(facts_.conditions, group);
        conditions(nested);
      }
    const auto* given = find(item, "condition");
    const auto kind = is_input(given) ? std::string{"input"} : text_of(given);
    if (kind.find("{{") != std::string::npos)
      return add_once(facts_.conditions, "template");
    add_once(facts_.conditions, kind);
    if (const auto dot = kind.find('.'); dot != std::string::npos) {
      facts_.needs_newer = true;
      domain_or_integration(kind.substr(0, dot));
    }
    if (kind == "device")
      of_device(item);
    conditions(find(item, "conditions"));
  }

  void one_action(const yaml_node& item) {
    if (const auto* called = find_any(item, {"action", "service", "service_template"})) {
      facts_.old_syntax |= !find(item, "action");
      return call(*called);
    }
    if (find(item, "condition") || find(item, "and") || find(item, "or") ||
        find(item, "not"))
      return one_condition(item);
    if (find(item, "device_id") && find(item, "type")) {
      of_device(item);
      return add_once(facts_.actions, "device");
    }
    constexpr std::array plain{"delay",
                               "wait_template",
                               "wait_for_trigger",
                               "choose",
                               "if",
                               "repeat",
                               "parallel",
                               "sequence",
                               "stop",
                               "variables",
                               "event",
                               "scene",
                               "set_conversation_response"};
    for (const auto* name : plain)
      if (find(item, name)) {
        add_once(facts_.actions, name);
        break;
      }
    triggers(find(item, "wait_for_trigger"));
    for (const auto* choice : items_of(find(item, "choose")))
      if (is_map(choice)) {
        conditions(find(*choice, "conditions"));
        actions(find(*choice, "sequence"));
      }
    conditions(find(item, "if"));
    for (const auto* name : {"default", "then", "else", "parallel", "sequence"})
      actions(find(item, name));
    if (const auto* repeated = find(item, "repeat"); is_map(repeated)) {
      conditions(find_any(*repeated, {"while", "until"}));
      actions(find(*repeated, "sequence"));
    }
  }

  void call(const yaml_node& called) {
    if (is_input(&called))
      return add_once(facts_.actions, "input");
    const auto name = text_of(&called);
    const auto dot = name.find('.');
    if (name.find("{{") != std::string::npos || dot == std::string::npos)
      return add_once(facts_.actions, "template");
    add_once(facts_.actions, name);
    if (is_risky(name))
      add_once(facts_.risks, name);
    domain_or_integration(name.substr(0, dot));
  }

  void of_device(const yaml_node& item) {
    domain_or_integration(text_of(find(item, "domain")));
  }

  void domain_or_integration(const std::string& name) {
    if (is_one_of(name, everywhere))
      return;
    if (is_one_of(name, entity_domains))
      add_once(facts_.domains, name);
    else
      integration(name);
  }

  void integration(const std::string& name) {
    if (looks_like_name(name) && !is_one_of(name, everywhere) &&
        !is_one_of(name, entity_domains))
      add_once(facts_.integrations, name);
  }

  void entity(std::string_view id) {
    const auto domain = domain_of(id);
    if (is_one_of(domain, entity_domains) && id.find_first_of(" {") == std::string::npos)
      add_once(facts_.domains, std::string{domain});
  }

  void device_class(const std::string& name) {
    if (looks_like_name(name))
      add_once(facts_.device_classes, name);
  }

  blueprint_facts& facts_;
};

} // namespace

bool is_risky(std::string_view action) {
  constexpr std::array actions{"lock.unlock",
                               "lock.open",
                               "alarm_control_panel.alarm_disarm",
                               "valve.open_valve",
                               "homeassistant.restart",
                               "homeassistant.stop",
                               "homeassistant.reload_all",
                               "recorder.purge",
                               "backup.create",
                               "camera.record",
                               "camera.snapshot",
                               "update.install"};
  constexpr std::array whole_domains{
    "shell_command", "rest_command", "python_script", "hassio", "command_line",
    "pyscript",      "ssh"};
  return is_one_of(action, actions) || is_one_of(domain_of(action), whole_domains);
}

void read_steps(const yaml_node& root, blueprint_facts& facts) {
  step_reader reader{facts};
  const auto* triggers = find_any(root, {"triggers", "trigger"});
  const auto* conditions = find_any(root, {"conditions", "condition"});
  const auto* actions = find_any(root, {"actions", "action", "sequence"});
  facts.old_syntax |= !find(root, "triggers") && find(root, "trigger");
  reader.triggers(triggers);
  reader.conditions(conditions);
  reader.actions(actions);
  for (const auto& [key, value] : root.entries)
    if (key.text != "blueprint")
      reader.values(value, key.text);
  for (const auto& input : facts.inputs) {
    reader.wishes(input);
    facts.needs_newer |= !input.always_visible;
  }
  for (auto* list : {&facts.triggers, &facts.conditions, &facts.actions, &facts.domains,
                     &facts.device_classes, &facts.integrations, &facts.risks})
    std::sort(list->begin(), list->end());
}

} // namespace habitd
