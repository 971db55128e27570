#include "config/config_keys.hpp"

#include "config/key_kinds.hpp"
#include "config/section_keys.hpp"

#include <algorithm>
#include <iterator>

namespace habitd {

namespace {

std::vector<config_key> make_keys() {
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
    cron_key(
      "analysis.schedule",
      "When the analysis runs, in the home's time zone: minute, hour, day of month, "
      "month, "
      "day of week as in crontab(5), or @daily.",
      [](auto& c) -> auto& { return c.analysis.schedule; }),
    list_key(
      "analysis.machine_users", "a user id of 32 hexadecimal digits",
      "Users of Home Assistant that are programs, like Node-RED: what they do is no "
      "habit of a person.",
      [](auto& c) -> auto& { return c.analysis.machine_users; }, is_user_id),
  };
  for (auto section : {http_keys(), notify_keys(), auto_refresh_keys(), log_keys()})
    std::move(section.begin(), section.end(), std::back_inserter(keys));
  for (auto& key : keys)
    key.is_path = key.expects == "a path";
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
