#include "config/section_keys.hpp"

#include "config/key_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace habitd {

namespace {

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

} // namespace

std::vector<config_key> log_keys() {
  constexpr auto formats = std::array{"text", "json"};
  return {
    word_key(
      "log.level", "one of debug, info, warning, error",
      "The least serious messages to log.", [](auto& c) -> auto& { return c.log.level; },
      level_words),
    word_key(
      "log.format", "one of text, json", "How messages are written.",
      [](auto& c) -> auto& { return c.log.format; }, formats),
    areas_key(),
  };
}

} // namespace habitd
