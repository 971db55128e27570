#include "actors/community/read_inputs.hpp"

#include "actors/community/yaml_walk.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace habitd {

namespace {

entity_wish read_entity_wish(const yaml_node& filter) {
  entity_wish wish;
  wish.integration = text_of(find(filter, "integration"));
  wish.domains = texts_of(find(filter, "domain"));
  wish.device_classes = texts_of(find(filter, "device_class"));
  wish.features = texts_of(find(filter, "supported_features"));
  return wish;
}

device_wish read_device_wish(const yaml_node& filter) {
  return {text_of(find(filter, "integration")), text_of(find(filter, "manufacturer")),
          text_of(find(filter, "model")), text_of(find(filter, "model_id"))};
}

/// Wishes of a list of filters, or of one; those that ask for nothing are no wish.
template <class Wish>
std::vector<Wish> read_wishes(const yaml_node* filters, Wish (*read)(const yaml_node&)) {
  std::vector<Wish> wishes;
  for (const auto* filter : items_of(filters))
    if (auto wish = read(*filter); wish != Wish{})
      wishes.push_back(std::move(wish));
  return wishes;
}

/// In the newer form the keys are below `filter`, in the older one beside it.
const yaml_node* filter_of(const yaml_node& body) {
  const auto* filter = find(body, "filter");
  return filter ? filter : &body;
}

void read_selector(blueprint_input& input, const yaml_node& selector) {
  if (is_scalar(&selector)) {
    input.selector = text_of(&selector);
    return;
  }
  if (!is_map(&selector) || selector.entries.empty())
    return;
  const auto& [kind, body] = selector.entries.front();
  input.selector = kind.text;
  input.multiple = flag_of(find(body, "multiple"), false);
  const auto& name = input.selector;
  if (name == "entity") {
    input.entities = read_wishes(filter_of(body), read_entity_wish);
  } else if (name == "device") {
    input.devices = read_wishes(filter_of(body), read_device_wish);
    input.entities = read_wishes(find(body, "entity"), read_entity_wish);
  } else if (name == "target" || name == "area" || name == "floor") {
    input.entities = read_wishes(find(body, "entity"), read_entity_wish);
    input.devices = read_wishes(find(body, "device"), read_device_wish);
  } else if (name == "config_entry") {
    if (auto integration = text_of(find(body, "integration")); !integration.empty())
      input.devices.push_back({std::move(integration), {}, {}, {}});
  } else if (name == "statistic" || name == "media") {
    input.entities = read_wishes(filter_of(body), read_entity_wish);
  }
}

blueprint_input read_input(const std::string& key, const yaml_node& body) {
  blueprint_input input;
  input.key = key;
  if (!is_map(&body))
    return input;
  input.name = text_of(find(body, "name"));
  if (const auto* given = find(body, "default")) {
    input.required = false;
    input.default_value = is_scalar(given) ? given->text : std::string{};
  }
  if (const auto* selector = find(body, "selector"))
    read_selector(input, *selector);
  return input;
}

bool is_visible(const yaml_node& body) {
  const auto* visible = find(body, "visible");
  return !visible || flag_of(visible, false); // false too where a condition decides
}

class reading {
public:
  error read(const yaml_node& map, const std::string& section, bool section_visible) {
    std::map<std::string_view, const yaml_node*> last; // which wins, as in PyYAML
    for (const auto& [key, body] : map.entries)
      last[key.text] = &body;
    for (const auto& [key, body] : map.entries) {
      if (last[key.text] != &body)
        continue;
      if (const auto* inner = section.empty() ? find(body, "input") : nullptr) {
        if (!is_map(inner))
          continue; // a section that has no inputs yet
        if (auto failed = read(*inner, key.text, is_visible(body)))
          return failed;
        continue;
      }
      if (!known_.insert(key.text).second)
        return make_error(ec::invalid_input,
                          fmt::format("{}:{}: the input \"{}\" is there twice", key.line,
                                      key.column, key.text));
      inputs.push_back(read_input(key.text, body));
      inputs.back().section = section;
      inputs.back().always_visible = is_visible(body) && section_visible;
    }
    return {};
  }

  std::vector<blueprint_input> inputs;

private:
  std::set<std::string> known_;
};

} // namespace

expected<std::vector<blueprint_input>> read_inputs(const yaml_node* input) {
  reading result;
  if (!input || input->is == yaml_node::kind::nothing)
    return result.inputs;
  if (!is_map(input))
    return make_error(ec::invalid_input,
                      fmt::format("{}:{}: \"input\" takes names with their values",
                                  input->line, input->column));
  if (auto failed = result.read(*input, {}, true))
    return failed;
  return std::move(result.inputs);
}

} // namespace habitd
