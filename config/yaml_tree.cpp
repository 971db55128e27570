#include "config/yaml_tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace habitd {

namespace {

/// Builds the tree from the parser's events. Throws what the parser throws, to end it.
class tree_builder : public YAML::EventHandler {
public:
  explicit tree_builder(const yaml_limits& limits) : limits_{limits} {}

  yaml_node root;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    keep(add(mark, yaml_node::kind::nothing, "", anchor), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (!limits_.aliases)
      throw YAML::ParserException(mark, "aliases (*name) are not supported");
    const auto known = anchored_.find(anchor);
    if (known == anchored_.end())
      throw YAML::ParserException(mark, "an alias within what it stands for");
    const auto [nodes, depth] = size_of(known->second);
    count(mark, nodes);
    if (open_.size() + depth > limits_.depth)
      throw YAML::ParserException(mark, "nested too deeply");
    next_place() = known->second;
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    auto& node = add(mark, yaml_node::kind::scalar, tag, anchor);
    node.text = value;
    keep(node, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    enter(mark, yaml_node::kind::list, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    enter(mark, yaml_node::kind::map, tag, anchor);
  }
  void OnSequenceEnd() override { leave(); }
  void OnMapEnd() override {
    if (limits_.aliases)
      merge(*open_.back().node);
    leave();
  }

private:
  struct level {
    yaml_node* node;
    bool at_value; // of a map: its last key is there, the value comes next
    YAML::anchor_t anchor;
  };

  struct extent {
    std::size_t nodes;
    std::size_t depth;
  };

  static extent size_of(const yaml_node& node) {
    extent whole{1, 1};
    for (const auto& [key, value] : node.entries) {
      const auto [nodes, depth] = size_of(value);
      whole.nodes += 1 + nodes;
      whole.depth = std::max(whole.depth, depth + 1);
    }
    return whole;
  }

  void count(const YAML::Mark& mark, std::size_t nodes) {
    nodes_ += nodes;
    if (nodes_ > limits_.nodes)
      throw YAML::ParserException(mark, "more values than are taken");
  }

  void keep(const yaml_node& node, YAML::anchor_t anchor) {
    if (anchor == YAML::NullAnchor)
      return;
    // A copy is counted as well, or anchors within anchors would multiply.
    count({}, size_of(node).nodes);
    anchored_[anchor] = node;
  }

  void leave() {
    keep(*open_.back().node, open_.back().anchor);
    open_.pop_back();
  }

  /// Puts what "<<" names beside the keys of the map, which win.
  /// Source: https://yaml.org/type/merge.html
  static void merge(yaml_node& map) {
    const auto is_merge = [](const yaml_entry& entry) {
      return entry.first.text == "<<" && entry.second.is != yaml_node::kind::scalar;
    };
    const auto first =
      std::stable_partition(map.entries.begin(), map.entries.end(),
                            [&](const yaml_entry& entry) { return !is_merge(entry); });
    std::vector<yaml_entry> merges{std::make_move_iterator(first),
                                   std::make_move_iterator(map.entries.end())};
    map.entries.erase(first, map.entries.end());
    std::set<std::string> own;
    if (!merges.empty())
      for (const auto& [key, value] : map.entries)
        own.insert(key.text);
    const auto take_from = [&](yaml_node& from) {
      for (auto& entry : from.entries)
        if (own.insert(entry.first.text).second)
          map.entries.push_back(std::move(entry));
    };
    for (auto& [key, value] : merges) {
      if (value.is == yaml_node::kind::map)
        take_from(value);
      else
        for (auto& [none, part] : value.entries)
          take_from(part);
    }
  }

  yaml_node& add(const YAML::Mark& mark, yaml_node::kind kind, const std::string& tag,
                 YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor && !limits_.aliases)
      throw YAML::ParserException(mark, "anchors (&name) are not supported");
    count(mark, 1);
    auto& node = next_place();
    node.is = kind;
    node.line = static_cast<std::size_t>(mark.line) + 1;
    node.column = static_cast<std::size_t>(mark.column) + 1;
    if (tag != "?" && tag != "!") // plain and quoted
      node.tag = tag;
    if (kind == yaml_node::kind::nothing && !open_.empty() && !open_.back().at_value &&
        open_.back().node->is == yaml_node::kind::map) {
      const auto& key = open_.back().node->entries.back().first;
      node.line = key.line; // the parser is at whatever comes next already
      node.column = key.column;
    }
    return node;
  }

  void enter(const YAML::Mark& mark, yaml_node::kind kind, const std::string& tag,
             YAML::anchor_t anchor) {
    if (open_.size() >= limits_.depth)
      throw YAML::ParserException(mark, "nested too deeply");
    open_.push_back({&add(mark, kind, tag, anchor), false, anchor});
  }

  /// Pointers in `open_` stay valid: a list or map only grows while nothing below is open.
  yaml_node& next_place() {
    if (open_.empty())
      return root;
    auto& [node, at_value, anchor] = open_.back();
    if (node->is == yaml_node::kind::list)
      return node->entries.emplace_back().second;
    at_value = !at_value;
    return at_value ? node->entries.emplace_back().first : node->entries.back().second;
  }

  const yaml_limits& limits_;
  std::size_t nodes_ = 0;
  std::vector<level> open_;
  std::map<YAML::anchor_t, yaml_node> anchored_; // whole ones only
};

/// Whether a line begins with a tab, for which the parser blames what comes after it.
bool is_indented_by_tab(const std::string& text, int line) {
  std::istringstream in{text};
  std::string current;
  for (; line >= 0 && std::getline(in, current); --line)
    ;
  const auto indent = current.substr(0, current.find_first_not_of(" \t"));
  return line < 0 && indent.find('\t') != std::string::npos;
}

} // namespace

std::variant<yaml_node, yaml_failure> parse_yaml(const std::string& text,
                                                 const yaml_limits& limits) {
  const auto refuse = [&](const YAML::Mark& mark, std::string_view why) {
    if (is_indented_by_tab(text, mark.line))
      why = "a tab can't indent: use blanks";
    return yaml_failure{static_cast<std::size_t>(std::max(mark.line, 0)) + 1,
                        static_cast<std::size_t>(std::max(mark.column, 0)) + 1,
                        std::string{why}};
  };
  if (text.size() > limits.bytes)
    return refuse({},
                  fmt::format("{} bytes, where {} are taken", text.size(), limits.bytes));
  try {
    std::istringstream in{text};
    YAML::Parser parser{in};
    tree_builder builder{limits};
    parser.HandleNextDocument(builder);
    tree_builder rest{limits};
    if (parser && parser.HandleNextDocument(rest))
      return yaml_failure{rest.root.line, rest.root.column,
                          "a second document begins here"};
    return std::move(builder.root);
  } catch (const YAML::Exception& failed) {
    return refuse(failed.mark, failed.msg);
  } catch (const std::exception& failed) {
    return refuse({}, failed.what());
  }
}

expected<yaml_node> read_yaml(const std::string& text, std::string_view file_name,
                              const yaml_limits& limits) {
  auto read = parse_yaml(text, limits);
  if (const auto* failed = std::get_if<yaml_failure>(&read))
    return make_error(
      ec::invalid_input,
      fmt::format("{}:{}:{}: {}", file_name, failed->line, failed->column, failed->why));
  return std::get<yaml_node>(std::move(read));
}

} // namespace habitd
