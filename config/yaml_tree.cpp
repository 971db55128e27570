#include "config/yaml_tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>

namespace habitd {

namespace {

constexpr std::size_t deepest = 16;

/// Builds the tree from the parser's events. Throws what the parser throws, to end it.
class tree_builder : public YAML::EventHandler {
public:
  yaml_node root;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(mark, yaml_node::kind::nothing, "", anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw YAML::ParserException(mark, "aliases (*name) are not supported");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    add(mark, yaml_node::kind::scalar, tag, anchor).text = value;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    enter(mark, yaml_node::kind::list, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    enter(mark, yaml_node::kind::map, tag, anchor);
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapEnd() override { open_.pop_back(); }

private:
  struct level {
    yaml_node* node;
    bool at_value; // of a map: its last key is there, the value comes next
  };

  yaml_node& add(const YAML::Mark& mark, yaml_node::kind kind, const std::string& tag,
                 YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor)
      throw YAML::ParserException(mark, "anchors (&name) are not supported");
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
    if (open_.size() >= deepest)
      throw YAML::ParserException(mark, "nested too deeply");
    open_.push_back({&add(mark, kind, tag, anchor), false});
  }

  /// Pointers in `open_` stay valid: a list or map only grows while nothing below is open.
  yaml_node& next_place() {
    if (open_.empty())
      return root;
    auto& [node, at_value] = open_.back();
    if (node->is == yaml_node::kind::list)
      return node->entries.emplace_back().second;
    at_value = !at_value;
    return at_value ? node->entries.emplace_back().first : node->entries.back().second;
  }

  std::vector<level> open_;
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

expected<yaml_node> read_yaml(const std::string& text, std::string_view file_name) {
  const auto refuse = [&](const YAML::Mark& mark, std::string_view why) {
    if (is_indented_by_tab(text, mark.line))
      why = "a tab can't indent: use blanks";
    return make_error(
      ec::invalid_input,
      fmt::format("{}:{}:{}: {}", file_name, mark.line + 1, mark.column + 1, why));
  };
  try {
    std::istringstream in{text};
    YAML::Parser parser{in};
    tree_builder builder;
    parser.HandleNextDocument(builder);
    tree_builder rest;
    if (parser && parser.HandleNextDocument(rest))
      return make_error(ec::invalid_input,
                        fmt::format("{}:{}:{}: a second document begins here", file_name,
                                    rest.root.line, rest.root.column));
    return std::move(builder.root);
  } catch (const YAML::Exception& failed) {
    return refuse(failed.mark, failed.msg);
  } catch (const std::exception& failed) {
    return refuse({}, failed.what());
  }
}

} // namespace habitd
