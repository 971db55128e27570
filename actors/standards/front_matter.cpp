#include "actors/standards/front_matter.hpp"

#include "config/yaml_tree.hpp"

#include <fmt/format.h>

#include <charconv>

namespace habitd {

namespace {

constexpr std::size_t largest = 16 * 1024;
constexpr std::string_view mark = "---";

bool is_mark(std::string_view line) {
  return line.starts_with(mark) && line.find_first_not_of(" \t\r", 3) == line.npos;
}

struct halves {
  std::string_view front;
  std::string_view body;
};

halves split(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf"))
    text.remove_prefix(3);
  auto end = text.find('\n');
  if (end == text.npos || !is_mark(text.substr(0, end)))
    return {{}, text};
  for (auto begin = end + 1; begin < text.size(); begin = end + 1) {
    end = std::min(text.find('\n', begin), text.size());
    if (!is_mark(text.substr(begin, end - begin)))
      continue;
    const auto first = text.find('\n') + 1;
    return {text.substr(first, begin - first),
            text.substr(std::min(end + 1, text.size()))};
  }
  return {{}, text}; // never closed: a rule, not front matter
}

/// Takes one value; false if it isn't what its key takes.
bool take(front_matter& to, const std::string& key, const std::string& value) {
  if (key == "title")
    to.title = value.substr(0, 200);
  else if (key == "source")
    to.source = value;
  else if (key == "kind")
    to.kind = value;
  else if (key == "auto_update_enabled") {
    to.auto_update_enabled = value == "true";
    return value == "true" || value == "false";
  } else if (key == "freshness_threshold_days") {
    const auto* end = value.data() + value.size();
    const auto [stop, failed] =
      std::from_chars(value.data(), end, to.freshness_threshold_days);
    return failed == std::errc{} && stop == end && to.freshness_threshold_days >= 1 &&
           to.freshness_threshold_days <= 3650;
  }
  return true;
}

bool is_ours(const std::string& key) {
  return key == "title" || key == "source" || key == "kind" ||
         key == "auto_update_enabled" || key == "freshness_threshold_days";
}

} // namespace

std::string_view front_of(std::string_view text) {
  return split(text).front;
}

std::string_view body_of(std::string_view text) {
  return split(text).body;
}

expected<front_matter> read_front_matter(std::string_view text, std::string_view name) {
  front_matter result;
  const auto front = front_of(text);
  if (front.empty())
    return result;
  if (front.size() > largest)
    return make_error(ec::invalid_input,
                      fmt::format("{}: more than 16 KB of front matter", name));
  const auto tree = read_yaml(std::string{front}, name);
  if (!tree)
    return tree.error();
  if (tree->is != yaml_node::kind::map)
    return make_error(ec::invalid_input,
                      fmt::format("{}: the front matter is not a map", name));
  for (const auto& [key, value] : tree->entries) {
    if (!is_ours(key.text))
      continue;
    if (value.is != yaml_node::kind::scalar || !take(result, key.text, value.text))
      return make_error(ec::invalid_input,
                        fmt::format("{}:{}:{}: {} can't be that", name, value.line + 1,
                                    value.column, key.text));
  }
  return result;
}

} // namespace habitd
