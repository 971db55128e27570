#include "config/config.hpp"

#include "config/config_keys.hpp"

#include <fmt/format.h>

namespace habitd {

namespace {

constexpr const char* hidden = "***";

/// As YAML; numbers plain, as people write them.
std::string yaml_scalar(std::string_view text) {
  if (!text.empty() && text.find_first_not_of("0123456789") == text.npos)
    return std::string{text};
  std::string result = "\"";
  for (const char c : text) {
    if (const auto byte = static_cast<unsigned char>(c); byte < 0x20 || byte == 0x7f) {
      result += fmt::format("\\x{:02x}", byte);
      continue;
    }
    if (c == '"' || c == '\\')
      result += '\\';
    result += c;
  }
  return result += '"';
}

std::string value_of(const config_key& key, const config& settings) {
  std::string text;
  for (const auto& value : key.values(settings)) {
    text += text.empty() ? "" : ", ";
    if (const auto equals = value.find('='); !key.names.empty())
      text += value.substr(0, equals) + ": " + yaml_scalar(value.substr(equals + 1));
    else
      text += yaml_scalar(key.is_secret && !value.empty() ? hidden : value);
  }
  return !key.names.empty() ? "{" + text + "}" : key.is_list ? "[" + text + "]" : text;
}

std::string expected_by(const config_key& key) {
  if (!key.names.empty())
    return fmt::format("a map of {} to {}", fmt::join(key.names, ", "), key.expects);
  return (key.is_list ? "a list; each " : "") + std::string{key.expects};
}

} // namespace

config redacted(config settings) {
  if (!settings.http.token.empty())
    settings.http.token = hidden;
  if (!settings.notify.webhook.empty())
    settings.notify.webhook = hidden;
  if (!settings.auto_refresh.research_key.empty())
    settings.auto_refresh.research_key = hidden;
  return settings;
}

std::string show_config(const config& settings) {
  std::string text;
  std::string_view section;
  for (const auto& key : config_keys()) {
    const auto dot = key.path.find('.');
    if (key.path.substr(0, dot) != section) {
      section = key.path.substr(0, dot);
      text += fmt::format("{}:\n", section);
    }
    text += fmt::format("  {}: {}\n", key.path.substr(dot + 1), value_of(key, settings));
  }
  return text;
}

std::string describe_config() {
  const config defaults;
  std::string text = "| key | default | expects | meaning |\n| --- | --- | --- | --- |\n";
  for (const auto& key : config_keys())
    text += fmt::format("| `{}` | `{}` | {} | {} |\n", key.path, value_of(key, defaults),
                        expected_by(key), key.meaning);
  return text;
}

} // namespace habitd
