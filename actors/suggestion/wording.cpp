#include "actors/suggestion/wording.hpp"

#include "actors/suggestion/domain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace habitd {

namespace {

/// How one domain's two turns are said; {} is the name of the entity.
struct phrases {
  std::string_view domain;
  std::string_view order_on, order_off;
  std::string_view seen_on, seen_off;
  std::string_view when_on, when_off;
};

constexpr auto table = std::array{
  phrases{"cover", "Open {}", "Close {}", "{} was opened", "{} was closed", "{} opens",
          "{} closes"},
  phrases{"valve", "Open {}", "Close {}", "{} was opened", "{} was closed", "{} opens",
          "{} closes"},
  phrases{"lock", "Unlock {}", "Lock {}", "{} was unlocked", "{} was locked",
          "{} is unlocked", "{} is locked"},
  phrases{"media_player", "Start playing on {}", "Turn off {}", "{} started playing",
          "{} was turned off", "{} starts playing", "{} is turned off"},
  phrases{"person", "", "", "{} came home", "{} left", "{} comes home", "{} leaves"},
  phrases{"device_tracker", "", "", "{} came home", "{} left", "{} comes home",
          "{} leaves"},
  phrases{"climate", "Start {}", "Stop {}", "{} was started", "{} was turned off",
          "{} starts", "{} is turned off"},
  phrases{"vacuum", "Start {}", "Send {} to its dock", "{} was started",
          "{} went to its dock", "{} starts", "{} goes to its dock"},
  phrases{"binary_sensor", "", "", "{} was triggered", "{} went quiet", "{} is triggered",
          "{} goes quiet"},
};

constexpr phrases otherwise{"",
                            "Turn on {}",
                            "Turn off {}",
                            "{} was turned on",
                            "{} was turned off",
                            "{} is turned on",
                            "{} is turned off"};

const phrases& phrases_of(std::string_view entity) {
  const auto domain = domain_of(entity);
  for (const auto& entry : table)
    if (entry.domain == domain)
      return entry;
  return otherwise;
}

std::string fill(std::string_view pattern, std::string_view entity) {
  return fmt::format(fmt::runtime(pattern), display_name(entity));
}

} // namespace

std::string display_name(std::string_view entity) {
  const auto dot = entity.find('.');
  std::string name{dot == std::string_view::npos ? entity : entity.substr(dot + 1)};
  for (auto& c : name)
    if (c == '_')
      c = ' ';
  if (!name.empty())
    name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name;
}

std::string order_words(std::string_view entity, turn to) {
  const auto& say = phrases_of(entity);
  return fill(to == turn::on ? say.order_on : say.order_off, entity);
}

std::string event_words(std::string_view entity, turn to) {
  const auto& say = phrases_of(entity);
  return fill(to == turn::on ? say.seen_on : say.seen_off, entity);
}

std::string trigger_words(std::string_view entity, turn to) {
  const auto& say = phrases_of(entity);
  return fill(to == turn::on ? say.when_on : say.when_off, entity);
}

std::string weekday_phrase(const std::vector<int>& weekdays) {
  if (weekdays.size() == 7 || weekdays.empty())
    return "every day";
  if (weekdays == std::vector{0, 1, 2, 3, 4})
    return "on workdays";
  if (weekdays == std::vector{5, 6})
    return "at weekends";
  constexpr auto names = std::array{"Mondays", "Tuesdays",  "Wednesdays", "Thursdays",
                                    "Fridays", "Saturdays", "Sundays"};
  std::string text = "on ";
  for (std::size_t i = 0; i < weekdays.size(); ++i) {
    if (i > 0)
      text += i + 1 == weekdays.size() ? " and " : ", ";
    text += names.at(static_cast<std::size_t>(weekdays[i]));
  }
  return text;
}

std::string clock_phrase(int seconds) {
  // Not 00:00: that is a minute of another weekday.
  const int minutes = std::min((seconds + 30) / 60, 1439);
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

std::string span_phrase(double seconds) {
  if (seconds < 90)
    return fmt::format("{:.0f} s", seconds);
  const auto minutes = static_cast<int>(std::lround(seconds / 60));
  if (minutes < 60)
    return fmt::format("{} min", minutes);
  return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60)
                           : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

} // namespace habitd
