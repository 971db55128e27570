#include "actors/community/yaml_walk.hpp"

#include <algorithm>
#include <cctype>

namespace habitd {

const yaml_node* find(const yaml_node& map, std::string_view key) {
  if (map.is != yaml_node::kind::map)
    return nullptr;
  for (auto entry = map.entries.rbegin(); entry != map.entries.rend(); ++entry)
    if (entry->first.text == key)
      return &entry->second;
  return nullptr;
}

const yaml_node* find_any(const yaml_node& map,
                          std::initializer_list<std::string_view> keys) {
  for (const auto key : keys)
    if (const auto* found = find(map, key))
      return found;
  return nullptr;
}

std::string text_of(const yaml_node* node) {
  return is_scalar(node) && node->tag.empty() ? node->text : std::string{};
}

std::vector<std::string> texts_of(const yaml_node* node) {
  std::vector<std::string> texts;
  for (const auto* item : items_of(node))
    if (auto text = text_of(item); !text.empty())
      texts.push_back(std::move(text));
  return texts;
}

std::vector<const yaml_node*> items_of(const yaml_node* node) {
  std::vector<const yaml_node*> items;
  if (!node || node->is == yaml_node::kind::nothing)
    return items;
  if (node->is != yaml_node::kind::list)
    return {node};
  for (const auto& [none, item] : node->entries)
    items.push_back(&item);
  return items;
}

bool flag_of(const yaml_node* node, bool otherwise) {
  auto text = text_of(node);
  for (auto& c : text)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (text == "true" || text == "yes" || text == "on")
    return true;
  if (text == "false" || text == "no" || text == "off")
    return false;
  return otherwise;
}

void add_once(std::vector<std::string>& to, std::string text) {
  constexpr std::size_t most = 500; // no real blueprint names a third of that
  if (!text.empty() && to.size() < most &&
      std::find(to.begin(), to.end(), text) == to.end())
    to.push_back(std::move(text));
}

} // namespace habitd
