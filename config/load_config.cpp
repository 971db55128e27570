#include "config/config.hpp"

#include "config/config_keys.hpp"
#include "config/nearest_name.hpp"
#include "config/secrets.hpp"
#include "config/yaml_tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <set>

namespace habitd {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_problems = 20; // a file of another kind has one in every line

/// "HABITD__HTTP__PORT" for "http.port".
std::string variable_of(std::string_view path) {
  std::string name = "HABITD__";
  for (const char c : path)
    if (c == '.')
      name += "__";
    else
      name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

/// What stands where something else was expected, short enough for one line.
std::string found(const yaml_node& node) {
  switch (node.is) {
  case yaml_node::kind::nothing:
    return "nothing";
  case yaml_node::kind::list:
    return "a list";
  case yaml_node::kind::map:
    return "a map";
  default:
    return fmt::format("\"{}\"{}", node.text.substr(0, 60),
                       node.text.size() > 60 ? " …" : "");
  }
}

/// Reads one config and gathers everything that is wrong with it.
class config_reader {
public:
  config_reader(std::string_view file_name, const environment& env)
      : file_{file_name}, env_{env} {}

  expected<config> read(std::string_view yaml) {
    settings_.storage.directory = state_directory(env_, geteuid() == 0);
    if (yaml.find('\0') != std::string_view::npos)
      return make_error(ec::invalid_input, file_ + ": not a text file");
    const auto root = read_yaml(std::string{yaml}, file_);
    if (!root)
      return root.error();
    read_root(*root);
    read_environment();
    check_token();
    if (problems_.empty())
      return std::move(settings_);
    if (const auto more = problems_.size(); more > most_problems) {
      problems_.resize(most_problems);
      problems_.push_back(
        fmt::format("{}: and {} more problems", file_, more - most_problems));
    }
    return make_error(ec::invalid_input, fmt::format("{}", fmt::join(problems_, "\n")));
  }

private:
  void complain(const yaml_node& at, std::string_view what) {
    problems_.push_back(fmt::format("{}:{}:{}: {}", file_, at.line, at.column, what));
  }

  void read_root(const yaml_node& root) {
    if (root.is == yaml_node::kind::nothing)
      return; // an empty file: all defaults
    if (root.is != yaml_node::kind::map)
      return complain(root, "expected sections like \"http:\", found " + found(root));
    std::vector<std::string_view> sections;
    for (const auto& key : config_keys())
      if (const auto name = key.path.substr(0, key.path.find('.'));
          sections.empty() || sections.back() != name)
        sections.push_back(name);
    for_each_key(root, "", sections,
                 [this](const std::string& name, const yaml_node& node) {
                   read_section(name, node);
                 });
  }

  void read_section(const std::string& section, const yaml_node& node) {
    if (node.is == yaml_node::kind::nothing)
      return; // all its keys are comments
    if (node.is != yaml_node::kind::map)
      return complain(node,
                      section + ": expected keys of this section, found " + found(node));
    std::vector<std::string_view> names;
    for (const auto& key : config_keys())
      if (key.path.starts_with(section + "."))
        names.push_back(key.path.substr(section.size() + 1));
    for_each_key(node, section + ".", names,
                 [&](const std::string& name, const yaml_node& value) {
                   read_value(key_at(section + "." + name), value);
                 });
  }

  template <class Read>
  void for_each_key(const yaml_node& map, const std::string& prefix,
                    const std::vector<std::string_view>& names, Read read) {
    std::set<std::string> seen;
    for (const auto& [key, value] : map.entries) {
      const auto path = prefix + key.text;
      if (key.is != yaml_node::kind::scalar)
        complain(key, "expected a key, found " + found(key));
      else if (std::find(names.begin(), names.end(), key.text) == names.end())
        complain(key, fmt::format("unknown key \"{}\"{}", path.substr(0, 80),
                                  did_you_mean(key.text, names)));
      else if (!seen.insert(key.text).second)
        complain(key, fmt::format("the key \"{}\" is there twice", path));
      else
        read(key.text, value);
    }
  }

  static const config_key& key_at(std::string_view path) {
    return *std::find_if(config_keys().begin(), config_keys().end(),
                         [path](const config_key& key) { return key.path == path; });
  }

  void read_value(const config_key& key, const yaml_node& node) {
    if (!key.is_list)
      return add(key, node);
    key.clear(settings_);
    if (!key.names.empty())
      read_map(key, node);
    else if (node.is == yaml_node::kind::list)
      for (const auto& entry : node.entries)
        add(key, entry.second);
    else if (node.is == yaml_node::kind::scalar)
      add(key, node); // a list of one needs no brackets
    else
      complain(node, fmt::format("{}: expected a list, found {}", key.path, found(node)));
  }

  void read_map(const config_key& key, const yaml_node& node) {
    if (node.is != yaml_node::kind::map)
      return complain(node, fmt::format("{}: expected a map like {{{}: …}}, found {}",
                                        key.path, key.names.front(), found(node)));
    for_each_key(node, fmt::format("{}.", key.path), key.names,
                 [&](const std::string& name, const yaml_node& value) {
                   if (value.is != yaml_node::kind::scalar ||
                       !key.add(settings_, name + '=' + value.text))
                     complain(value, not_in_map(key, name, found(value)));
                 });
  }

  static std::string not_in_map(const config_key& key, std::string_view name,
                                std::string_view what) {
    return fmt::format("{}.{}: expected {}, found {}", key.path, name, key.expects, what);
  }

  /// @param entry  "name=value", of a variable.
  void add_to_map(const config_key& key, std::string_view variable,
                  const std::string& entry) {
    const auto equals = std::min(entry.find('='), entry.size());
    const auto name = entry.substr(0, equals);
    const auto value = entry.substr(std::min(equals + 1, entry.size()));
    if (std::find(key.names.begin(), key.names.end(), name) == key.names.end())
      problems_.push_back(fmt::format("{}: unknown key \"{}.{}\"{}", variable, key.path,
                                      name.substr(0, 60), did_you_mean(name, key.names)));
    else if (!key.add(settings_, entry))
      problems_.push_back(
        fmt::format("{}: {}", variable,
                    not_in_map(key, name, fmt::format("\"{}\"", value.substr(0, 60)))));
  }

  void add(const config_key& key, const yaml_node& node) {
    const auto wrong = [&] {
      return fmt::format("{}: expected {}{}", key.path, key.expects,
                         key.is_secret ? "" : ", found " + found(node));
    };
    if (node.is != yaml_node::kind::scalar)
      return complain(node, wrong());
    const auto text = text_behind(node);
    if (!text)
      return complain(node, fmt::format("{}: {}", key.path, message_of(text.error())));
    if (!key.add(settings_, located(key, *text)))
      complain(node, node.tag.empty() ? wrong() + why(key, *text)
                                      : fmt::format("{}: expected {} in {} {}", key.path,
                                                    key.expects, node.tag, node.text));
  }

  static std::string why(const config_key& key, const std::string& text) {
    return key.reason ? "; " + key.reason(text) : std::string{};
  }

  /// The text of a scalar, or of the secret or credential it names.
  expected<std::string> text_behind(const yaml_node& node) const {
    if (node.tag.empty())
      return node.text;
    if (node.tag == "!secret")
      return read_secret(directory() / "secrets.yaml", node.text);
    if (node.tag == "!credential")
      return read_credential(env_("CREDENTIALS_DIRECTORY"), node.text);
    return make_error(ec::invalid_input,
                      fmt::format("unknown tag \"{}\"{}", node.tag,
                                  did_you_mean(node.tag, {"!secret", "!credential"})));
  }

  void read_environment() {
    for (const auto& key : config_keys()) {
      auto name = variable_of(key.path);
      auto value = env_(name);
      if (!value && !key.other_variable.empty()) {
        name = key.other_variable;
        value = env_(name);
      }
      if (!value)
        continue;
      if (key.is_list)
        key.clear(settings_);
      for (std::size_t from = 0; from <= value->size();) {
        const auto comma = key.is_list ? value->find(',', from) : std::string::npos;
        const auto part = value->substr(from, comma - from);
        from = comma == std::string::npos ? value->size() + 1 : comma + 1;
        if (key.is_list && part.empty())
          continue;
        if (!key.names.empty())
          add_to_map(key, name, part);
        else if (!key.add(settings_, located(key, part)))
          problems_.push_back(fmt::format(
            "{}: {}: expected {}{}", name, key.path, key.expects,
            key.is_secret
              ? ""
              : fmt::format(", found \"{}\"{}", part.substr(0, 60), why(key, part))));
      }
    }
  }

  void check_token() {
    auto& http = settings_.http;
    if (!http.token_file.empty() && !http.token.empty())
      problems_.push_back(file_ + ": http.token and http.token_file can't both be set");
    else if (!http.token_file.empty())
      read_token_file();
    if (problems_.empty() && http.token.empty() && !is_loopback(http.listen))
      problems_.push_back(fmt::format(
        "{}: http.listen is {}, which others can reach: http.token must be set", file_,
        http.listen));
  }

  void read_token_file() {
    const auto text = read_secret_file(settings_.http.token_file);
    const auto& token = key_at("http.token");
    if (!text)
      problems_.push_back(
        fmt::format("{}: http.token_file: {}", file_, message_of(text.error())));
    else if (!token.add(settings_, *text))
      problems_.push_back(fmt::format("{}: http.token_file: expected {} in {}", file_,
                                      token.expects, settings_.http.token_file.string()));
  }

  std::string located(const config_key& key, const std::string& text) const {
    return key.is_path && !text.empty() ? (directory() / text).string() : text;
  }

  fs::path directory() const { return fs::path{file_}.parent_path(); }

  /// The words of one of our errors, without the code in front.
  static std::string message_of(const error& err) {
    return err.context().get_as<std::string>(0);
  }

  std::string file_;
  const environment& env_;
  config settings_;
  std::vector<std::string> problems_;
};

} // namespace

expected<config> load_config(const fs::path& file, const environment& env) {
  const auto text = read_text_file(file);
  if (!text)
    return text.error();
  return parse_config(*text, file.string(), env);
}

expected<config> parse_config(std::string_view yaml, std::string_view file_name,
                              const environment& env) {
  if (yaml.size() > largest_config)
    return make_error(ec::invalid_input, std::string{file_name} + ": larger than 1 MiB");
  return config_reader{file_name, env}.read(yaml);
}

} // namespace habitd
