#include "storage/records.hpp"

#include <fmt/format.h>

#include <array>

namespace habitd {

namespace {

struct domain_words {
  std::string_view domain;
  std::string_view off;
  std::string_view on;
};

// Home Assistant's own state names, for domains where they are not "off" and "on".
constexpr auto words = std::array{
  domain_words{"cover", "closed", "open"},
  domain_words{"valve", "closed", "open"},
  domain_words{"lock", "locked", "unlocked"},
  domain_words{"person", "not_home", "home"},
  domain_words{"device_tracker", "not_home", "home"},
  domain_words{"media_player", "off", "playing"},
  domain_words{"vacuum", "docked", "cleaning"},
  domain_words{"climate", "off", "heat"},
};

} // namespace

std::string_view state_word(std::string_view entity, turn to) {
  const auto domain = entity.substr(0, entity.find('.'));
  for (const auto& entry : words)
    if (entry.domain == domain)
      return to == turn::on ? entry.on : entry.off;
  return to == turn::on ? "on" : "off";
}

std::string_view weekday_word(int weekday) {
  constexpr auto names =
    std::array<std::string_view, 7>{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  return names.at(static_cast<std::size_t>(weekday));
}

std::string time_word(int seconds) {
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60,
                     seconds % 60);
}

std::string_view outcome_word(job_outcome outcome) {
  constexpr auto names = std::array<std::string_view, job_outcomes>{
    "running", "ok", "partial", "failed", "interrupted", "cancelled"};
  return names.at(static_cast<std::size_t>(outcome));
}

std::string_view status_word(pattern_status status) {
  constexpr auto names =
    std::array<std::string_view, 3>{"candidate", "confirmed", "retired"};
  return names.at(static_cast<std::size_t>(status));
}

} // namespace habitd
