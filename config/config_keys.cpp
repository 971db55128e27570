#include "config/config_keys.hpp"

#include "messages/cron_expression.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>

namespace habitd {

namespace {

/// @param member  gives the field of a config, const or not.
template <class Member>
config_key text_key(std::string_view path, std::string_view expects,
                    std::string_view meaning, Member member,
                    bool (*good)(const std::string&)) {
  config_key key{path, expects, meaning};
  key.add = [=](config& to, const std::string& text) {
    if (!good(text))
      return false;
    member(to) = text;
    return true;
  };
  key.values = [=](const config& from) {
    return std::vector<std::string>{std::string{member(from)}};
  };
  return key;
}

template <class Member>
config_key list_key(std::string_view path, std::string_view expects,
                    std::string_view meaning, Member member,
                    bool (*good)(const std::string&)) {
  config_key key{path, expects, meaning};
  key.is_list = true;
  key.add = [=](config& to, const std::string& text) {
    if (good(text))
      member(to).push_back(text);
    return good(text);
  };
  key.clear = [=](config& to) { member(to).clear(); };
  key.values = [=](const config& from) { return member(from); };
  return key;
}

template <class Member, class Number>
config_key number_key(std::string_view path, std::string_view expects,
                      std::string_view meaning, Member member, Number least,
                      Number most) {
  config_key key{path, expects, meaning};
  key.add = [=](config& to, const std::string& text) {
    Number number{};
    const auto* end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, number);
    if (failed != std::errc{} || stop != end || number < least || number > most)
      return false;
    member(to) = number;
    return true;
  };
  key.values = [=](const config& from) {
    return std::vector<std::string>{std::to_string(member(from))};
  };
  return key;
}

/// @param words  in the order of the enum's values.
template <class Member, class Words>
config_key word_key(std::string_view path, std::string_view expects,
                    std::string_view meaning, Member member, Words words) {
  config_key key{path, expects, meaning};
  key.add = [=](config& to, const std::string& text) {
    const auto found = std::find(words.begin(), words.end(), text);
    if (found == words.end())
      return false;
    auto& field = member(to);
    field = static_cast<std::remove_reference_t<decltype(field)>>(found - words.begin());
    return true;
  };
  key.values = [=](const config& from) {
    const auto number = static_cast<std::size_t>(member(from));
    return std::vector<std::string>{std::string{words.at(number)}};
  };
  return key;
}

constexpr auto level_words = std::array{"debug", "info", "warning", "error"};

/// The place of a word among the words.
template <class Words>
std::optional<std::size_t> place_of(std::string_view word, const Words& words) {
  const auto found = std::find(words.begin(), words.end(), word);
  return found == words.end()
           ? std::nullopt
           : std::optional{static_cast<std::size_t>(std::distance(words.begin(), found))};
}

config_key areas_key() {
  config_key key{"log.areas", "one of debug, info, warning, error",
                 "Another level than `level` for lines of an area."};
  key.is_list = true;
  key.names = {log_area_words.begin(), log_area_words.end()};
  key.add = [](config& to, const std::string& text) {
    const auto equals = text.find('=');
    const auto area = place_of(text.substr(0, equals), log_area_words);
    if (equals == std::string::npos || !area)
      return false;
    const auto level = place_of(text.substr(equals + 1), level_words);
    if (level)
      to.log.areas[static_cast<log_area>(*area)] = static_cast<log_level>(*level);
    return level.has_value();
  };
  key.clear = [](config& to) { to.log.areas.clear(); };
  key.values = [](const config& from) {
    std::vector<std::string> values;
    for (const auto& [area, level] : from.log.areas)
      values.push_back(fmt::format("{}={}",
                                   log_area_words.at(static_cast<std::size_t>(area)),
                                   level_words.at(static_cast<std::size_t>(level))));
    return values;
  };
  return key;
}

bool any(const std::string&) {
  return true;
}
bool not_empty(const std::string& text) {
  return !text.empty();
}

bool consists_of(const std::string& text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string::npos;
}

bool is_glob(const std::string& text) {
  return consists_of(text, "abcdefghijklmnopqrstuvwxyz0123456789_.*?");
}

bool is_user_id(const std::string& text) {
  return text.size() == 32 && consists_of(text, "0123456789abcdef");
}

bool is_host(const std::string& text) {
  return consists_of(text, "abcdefghijklmnopqrstuvwxyz0123456789-._:[]");
}

bool is_zone_name(const std::string& text) {
  return text.find_first_of(" \t\\") == std::string::npos && !text.starts_with('/');
}

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

bool is_token(const std::string& text) {
  const auto visible = [](char c) { return c > 0x20 && c < 0x7f; };
  return text.empty() ||
         (text.size() >= 16 && std::all_of(text.begin(), text.end(), visible));
}

bool is_web_url(const std::string& text) {
  const auto visible = [](char c) { return c > 0x20 && c < 0x7f; };
  const auto scheme = text.starts_with("https://") ? 8U : 7U;
  return text.empty() ||
         ((text.starts_with("http://") || text.starts_with("https://")) &&
          text.size() > scheme && std::all_of(text.begin(), text.end(), visible));
}

bool is_cron(const std::string& text) {
  return static_cast<bool>(parse_cron(text));
}

config_key schedule_key() {
  auto key = text_key(
    "analysis.schedule", "a cron expression like \"0 3 * * *\"",
    "When the analysis runs, in the home's time zone: minute, hour, day of month, month, "
    "day of week as in crontab(5), or @daily.",
    [](auto& c) -> auto& { return c.analysis.schedule; }, is_cron);
  key.reason = [](const std::string& text) {
    const auto parsed = parse_cron(text);
    return parsed ? std::string{} : parsed.error().context().get_as<std::string>(0);
  };
  return key;
}

std::vector<config_key> make_keys() {
  constexpr auto formats = std::array{"text", "json"};
  std::vector<config_key> keys{
    text_key(
      "home.name", "a name", "What the home is called, for people.",
      [](auto& c) -> auto& { return c.home.name; }, not_empty),
    text_key(
      "home.time_zone", "a time zone like \"Europe/Berlin\"",
      "Time zone of the home; empty for the system's. Home Assistant often runs in "
      "another one than its container.",
      [](auto& c) -> auto& { return c.home.time_zone; }, is_zone_name),
    text_key(
      "events.recorder", "a path",
      "Home Assistant's database, `home-assistant_v2.db`; it is only read.",
      [](auto& c) -> auto& { return c.events.recorder; }, any),
    list_key(
      "events.include", "a glob of entity ids like \"light.*\"",
      "Entities to learn from; none means all.",
      [](auto& c) -> auto& { return c.events.include; }, is_glob),
    list_key(
      "events.exclude", "a glob of entity ids like \"light.*\"",
      "Entities to leave out, also if they are included.",
      [](auto& c) -> auto& { return c.events.exclude; }, is_glob),
    text_key(
      "storage.directory", "a path",
      "Where habitd keeps what it learned; by default `$STATE_DIRECTORY`, and for "
      "other users than root `$XDG_STATE_HOME/habitd`.",
      [](auto& c) -> auto& { return c.storage.directory; }, not_empty),
    number_key(
      "storage.cache_mb", "a whole number from 4 to 256",
      "Memory for reading stored data, in MB.",
      [](auto& c) -> auto& { return c.storage.cache_mb; }, 4U, 256U),
    schedule_key(),
    list_key(
      "analysis.machine_users", "a user id of 32 hexadecimal digits",
      "Users of Home Assistant that are programs, like Node-RED: what they do is no "
      "habit of a person.",
      [](auto& c) -> auto& { return c.analysis.machine_users; }, is_user_id),
    text_key(
      "http.listen", "an IP address",
      "Address to serve on. Any but a loopback address needs a token.",
      [](auto& c) -> auto& { return c.http.listen; }, is_address),
    number_key(
      "http.port", "a whole number from 0 to 65535",
      "Port to serve on; 0 = any free one.", [](auto& c) -> auto& { return c.http.port; },
      std::uint16_t{0}, std::uint16_t{65535}),
    text_key(
      "http.token", "at least 16 characters without blanks",
      "Secret that clients send as bearer token.",
      [](auto& c) -> auto& { return c.http.token; }, is_token),
    text_key(
      "http.token_file", "a path", "File that holds the token, instead of `token`.",
      [](auto& c) -> auto& { return c.http.token_file; }, any),
    list_key(
      "http.allowed_hosts", "a host name in lower case",
      "Names that browsers may use for habitd, beside its address and `localhost`.",
      [](auto& c) -> auto& { return c.http.allowed_hosts; }, is_host),
    text_key(
      "notify.file", "a path",
      "File that gets a line of JSON for each alert that is raised or cleared.",
      [](auto& c) -> auto& { return c.notify.file; }, any),
    text_key(
      "notify.webhook", "a URL that begins with http:// or https://",
      "Where each alert that is raised or cleared is posted as JSON. Counts as a secret.",
      [](auto& c) -> auto& { return c.notify.webhook; }, is_web_url),
    word_key(
      "log.level", "one of debug, info, warning, error",
      "The least serious messages to log.", [](auto& c) -> auto& { return c.log.level; },
      level_words),
    word_key(
      "log.format", "one of text, json", "How messages are written.",
      [](auto& c) -> auto& { return c.log.format; }, formats),
    areas_key(),
  };
  for (auto& key : keys) {
    key.is_secret = key.path == "http.token" || key.path == "notify.webhook";
    key.is_path = key.expects == "a path";
  }
  return keys;
}

} // namespace

const std::vector<config_key>& config_keys() {
  static const auto keys = make_keys();
  return keys;
}

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

} // namespace habitd
