#pragma once

#include "config/auto_refresh_config.hpp"
#include "messages/error.hpp"
#include "messages/log_area.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

struct home_config {
  std::string name = "Home"; // for people
  std::string time_zone;     // IANA name; empty = the system's
  bool operator==(const home_config&) const = default;
};

struct events_config {
  std::filesystem::path recorder;   // Home Assistant's database; empty = none
  std::vector<std::string> include; // globs of entity ids; none = all
  std::vector<std::string> exclude; // globs of entity ids; win over `include`
  bool operator==(const events_config&) const = default;
};

struct storage_config {
  std::filesystem::path directory = "/var/lib/habitd";
  std::uint32_t cache_mb = 8;
  bool operator==(const storage_config&) const = default;
};

struct analysis_config {
  std::string schedule = "0 3 * * *"; // a cron expression, home time
  std::vector<std::string> machine_users;
  bool operator==(const analysis_config&) const = default;
};

struct http_config {
  std::string listen = "127.0.0.1"; // an address, not a name
  std::uint16_t port = 8380;
  std::string token; // empty = none, which only a loopback address allows
  std::filesystem::path token_file;
  std::vector<std::string> allowed_hosts; // beside the address itself and localhost
  bool operator==(const http_config&) const = default;
};

/// Who is told of alerts, beside those who look.
struct notify_config {
  std::filesystem::path file; // a line of JSON each; empty = none
  std::string webhook;        // URL that gets a POST each; a secret; empty = none
  bool operator==(const notify_config&) const = default;
};

enum class log_level : std::uint8_t { debug, info, warning, error };
enum class log_format : std::uint8_t { text, json };

struct log_config {
  log_level level = log_level::info;
  log_format format = log_format::text;
  std::map<log_area, log_level> areas{}; // those with another level than `level`
  bool operator==(const log_config&) const = default;
};

/// All that a user may set, with its defaults; the keys are listed in config_keys.cpp.
struct config {
  home_config home;
  events_config events;
  storage_config storage;
  analysis_config analysis;
  http_config http;
  notify_config notify;
  auto_refresh_config auto_refresh;
  log_config log;
  bool operator==(const config&) const = default;
};

/// The value of an environment variable, if it is set.
using environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Environment of this process.
environment process_environment();

/// Reads `habitd.yaml`. A variable like HABITD__HTTP__PORT wins over the key `http.port`;
/// lists are separated by commas there. `!secret name` is looked up in `secrets.yaml` beside
/// the file, `!credential name` in $CREDENTIALS_DIRECTORY. Relative paths start at the
/// directory of the file.
/// @errors ec::not_found, ec::unavailable: the file, with the reason; ec::invalid_input: all
///         that is wrong in it, a line each, like "habitd.yaml:7:3: unknown key \"htpp\" (did
///         you mean \"http\"?)".
expected<config> load_config(const std::filesystem::path& file, const environment& env);

/// The same for text that was read already; `file_name` is for messages and relative paths.
expected<config> parse_config(std::string_view yaml, std::string_view file_name,
                              const environment& env);

/// Where habitd keeps its data if the config doesn't say: what systemd gives it, the system's
/// directory for root, else the user's.
std::filesystem::path state_directory(const environment& env, bool is_root);

/// Secrets as "***".
config redacted(config settings);

/// Every key with its value, as YAML, secrets as "***".
std::string show_config(const config& settings);

/// Reference of all keys: a Markdown table.
std::string describe_config();

} // namespace habitd
