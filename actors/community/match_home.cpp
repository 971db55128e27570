#include "actors/community/match_home.hpp"

#include "messages/home_day.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace habitd {

namespace {

bool holds(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool same_text(std::string_view wanted, std::string_view is) {
  return wanted.empty() || std::equal(wanted.begin(), wanted.end(), is.begin(), is.end(),
                                      [](unsigned char a, unsigned char b) {
                                        return std::tolower(a) == std::tolower(b);
                                      });
}

bool has_feature(const home_entity& entity, const std::vector<std::string>& wanted) {
  return wanted.empty() ||
         std::any_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
           const auto bit = feature_bit(name);
           return bit == 0 || (entity.features & bit) != 0; // an unknown one may be there
         });
}

bool fits(const home_entity& entity, const entity_wish& wish) {
  return (wish.integration.empty() || wish.integration == entity.integration) &&
         (wish.domains.empty() || holds(wish.domains, domain_of(entity.id))) &&
         (wish.device_classes.empty() ||
          holds(wish.device_classes, entity.device_class)) &&
         has_feature(entity, wish.features);
}

bool fits_any(const home_entity& entity, const std::vector<entity_wish>& wishes) {
  return wishes.empty() ||
         std::any_of(wishes.begin(), wishes.end(),
                     [&](const entity_wish& wish) { return fits(entity, wish); });
}

bool fits_any(const home_device& device, const std::vector<device_wish>& wishes) {
  return wishes.empty() ||
         std::any_of(wishes.begin(), wishes.end(), [&](const device_wish& wish) {
           return (wish.integration.empty() ||
                   holds(device.integrations, wish.integration)) &&
                  same_text(wish.manufacturer, device.manufacturer) &&
                  same_text(wish.model, device.model) &&
                  same_text(wish.model_id, device.model_id);
         });
}

/// Helpers and other things that a person makes without buying anything.
constexpr std::array creatable_domains{
  "input_boolean", "input_button", "input_datetime", "input_number", "input_select",
  "input_text",    "counter",      "timer",          "schedule",     "scene",
  "script",        "automation",   "group",          "todo",         "calendar",
  "zone",          "tag",          "person"};

/// Every home has them, registered or not.
constexpr std::array given_entities{"sun.sun", "zone.home"};

template <class Names>
bool is_one_of(std::string_view name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool wants_creatable(const blueprint_input& input) {
  const auto creatable = [](const entity_wish& wish) {
    return std::any_of(wish.domains.begin(), wish.domains.end(), [](const auto& domain) {
      return is_one_of(domain, creatable_domains);
    });
  };
  return input.selector == "label" ||
         std::any_of(input.entities.begin(), input.entities.end(), creatable);
}

struct candidate {
  std::string id;
  std::string area;
  bool is_diagnostic = false;
};
using candidates = std::vector<candidate>;

candidates entities_for(const blueprint_input& input, const home_registry& home) {
  candidates found;
  for (const auto& entity : home.entities)
    if (habitd::fits(home, entity, input))
      found.push_back({entity.id, entity.area, entity.is_diagnostic});
  for (const auto* id : given_entities)
    if (const bool known = std::any_of(found.begin(), found.end(),
                                       [&](const auto& each) { return each.id == id; });
        !known &&
        fits_any(
          home_entity{.id = id, .integration = "sun", .device_class = {}, .area = {}},
          input.entities) &&
        !input.entities.empty())
      found.push_back({id, {}, false});
  return found;
}

candidates devices_for(const blueprint_input& input, const home_registry& home) {
  candidates found;
  for (const auto& device : home.devices)
    if (fits_any(device, input.devices) &&
        (input.entities.empty() ||
         std::any_of(device.entities.begin(), device.entities.end(), [&](auto position) {
           return fits_any(home.entities[position], input.entities);
         })))
      found.push_back({device.id, device.area, false});
  return found;
}

candidates areas_for(const blueprint_input& input, const home_registry& home) {
  std::set<std::string> used;
  if (input.entities.empty() && input.devices.empty())
    for (const auto& [id, name] : home.areas)
      used.insert(id);
  else
    for (const auto& entity : home.entities)
      if (!entity.area.empty() && habitd::fits(home, entity, input))
        used.insert(entity.area);
  candidates found;
  for (const auto& id : used)
    found.push_back({id, id, false});
  return found;
}

candidates integrations_for(const blueprint_input& input, const home_registry& home) {
  for (const auto& device : home.devices)
    if (fits_any(device, input.devices))
      return {
        {input.devices.empty() ? "" : input.devices.front().integration, {}, false}};
  return {};
}

/// Null for a selector that asks nothing of the home.
using find_candidates = candidates (*)(const blueprint_input&, const home_registry&);
find_candidates finder_of(std::string_view selector) {
  if (selector == "entity" || selector == "target")
    return entities_for;
  if (selector == "device")
    return devices_for;
  if (selector == "area" || selector == "floor")
    return areas_for;
  if (selector == "config_entry")
    return integrations_for;
  return nullptr;
}

/// Where most of the needed inputs find something; empty without areas.
std::string best_area(const std::vector<candidates>& all) {
  std::map<std::string, int> inputs;
  for (const auto& found : all) {
    std::set<std::string> areas;
    for (const auto& each : found)
      areas.insert(each.area);
    for (const auto& area : areas)
      inputs[area] += !area.empty();
  }
  const auto best =
    std::max_element(inputs.begin(), inputs.end(),
                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return best == inputs.end() || best->second == 0 ? std::string{} : best->first;
}

input_match begin_match(const blueprint_input& input) {
  input_match match;
  match.key = input.key;
  match.name = input.name.empty() ? input.key : input.name;
  match.selector = input.selector;
  match.is_needed = input.required && input.always_visible;
  match.wants = wish_words(input);
  return match;
}

void count(const input_match& input, home_match& into) {
  if (!input.is_needed)
    return;
  into.missing += input.fit == input_fit::missing;
  into.creatable += input.fit == input_fit::creatable;
  into.open += input.fit == input_fit::free || input.fit == input_fit::unknown;
}

} // namespace

bool fits(const home_registry& home, const home_entity& entity,
          const blueprint_input& input) {
  return fits_any(entity, input.entities) &&
         (input.devices.empty() ||
          (entity.device != no_device &&
           fits_any(home.devices[entity.device], input.devices)));
}

home_match match_home(const std::vector<blueprint_input>& inputs,
                      const home_registry& home) {
  home_match result;
  std::vector<candidates> found(inputs.size());
  std::vector<candidates> needed;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (const auto find = finder_of(inputs[i].selector)) {
      found[i] = find(inputs[i], home);
      if (inputs[i].required && inputs[i].always_visible)
        needed.push_back(found[i]);
    }
  const auto area = best_area(needed);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    auto match = begin_match(inputs[i]);
    if (inputs[i].selector.empty()) {
      match.fit = input_fit::unknown;
    } else if (!finder_of(inputs[i].selector)) {
      match.fit = input_fit::free;
    } else if (found[i].empty()) {
      match.fit = wants_creatable(inputs[i]) ? input_fit::creatable : input_fit::missing;
    } else {
      match.fit = input_fit::found;
      std::stable_sort(found[i].begin(), found[i].end(),
                       [&](const candidate& a, const candidate& b) {
                         return std::pair{a.is_diagnostic, a.area != area} <
                                std::pair{b.is_diagnostic, b.area != area};
                       });
      for (auto& each : found[i])
        if (match.candidates.size() < most_candidates)
          match.candidates.push_back(std::move(each.id));
    }
    count(match, result);
    result.inputs.push_back(std::move(match));
  }
  return result;
}

std::string wish_words(const blueprint_input& input) {
  std::vector<std::string> words;
  for (const auto& wish : input.entities) {
    auto text = fmt::format("{}", fmt::join(wish.domains, " or "));
    if (!wish.device_classes.empty())
      text += fmt::format(" ({})", fmt::join(wish.device_classes, " or "));
    if (!wish.integration.empty())
      text += (text.empty() ? "of " : " of ") + wish.integration;
    for (const auto& feature : wish.features)
      text += " with " + feature.substr(feature.rfind('.') + 1);
    words.push_back(text);
  }
  for (const auto& wish : input.devices) {
    std::string text = "device";
    if (!wish.manufacturer.empty())
      text += " by " + wish.manufacturer;
    if (!wish.model.empty() || !wish.model_id.empty())
      text += " " + (wish.model.empty() ? wish.model_id : wish.model);
    if (!wish.integration.empty())
      text += " of " + wish.integration;
    words.push_back(text);
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  if (words.size() > 4)
    words.resize(4, "…");
  return words.empty() ? "any " + input.selector
                       : fmt::format("{}", fmt::join(words, ", "));
}

std::string_view fit_word(input_fit fit) {
  constexpr std::array<std::string_view, 5> words{"found", "free", "unknown", "creatable",
                                                  "missing"};
  return words.at(static_cast<std::size_t>(fit));
}

} // namespace habitd
