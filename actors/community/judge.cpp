#include "actors/community/judge.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace habitd {

namespace {

struct hint {
  std::string_view word; // begins a word of the text, or is a domain or device class
  use_case speaks_for;
  int weight;
};

using enum use_case;

/// Words of the titles and descriptions of real blueprints, by what they are about.
constexpr std::array hints{
  hint{"energy", energy, 3},
  hint{"electricity", energy, 3},
  hint{"solar", energy, 3},
  hint{"tariff", energy, 3},
  hint{"consumption", energy, 2},
  hint{"standby", energy, 2},
  hint{"saving", energy, 1},
  hint{"power", energy, 1},
  hint{"kwh", energy, 3},
  hint{"photovoltaic", energy, 3},
  hint{"price", energy, 2},
  hint{"charger", energy, 1},
  hint{"charging", energy, 1},
  hint{"ev", energy, 1},

  hint{"alarm", security, 3},
  hint{"intru", security, 3},
  hint{"burglar", security, 3},
  hint{"security", security, 3},
  hint{"lock", security, 2},
  hint{"camera", security, 2},
  hint{"frigate", security, 3},
  hint{"doorbell", security, 2},
  hint{"smoke", security, 3},
  hint{"leak", security, 3},
  hint{"flood", security, 2},
  hint{"siren", security, 3},
  hint{"gas", security, 1},
  hint{"garage", security, 1},
  hint{"left open", security, 2},
  hint{"vacation", security, 2},
  hint{"presence simulation", security, 3},
  hint{"carbon monoxide", security, 3},

  hint{"temperature", comfort, 2},
  hint{"climate", comfort, 3},
  hint{"thermostat", comfort, 3},
  hint{"heating", comfort, 3},
  hint{"cooling", comfort, 3},
  hint{"humid", comfort, 2},
  hint{"fan", comfort, 2},
  hint{"ventilat", comfort, 2},
  hint{"blind", comfort, 2},
  hint{"shutter", comfort, 2},
  hint{"cover", comfort, 2},
  hint{"curtain", comfort, 2},
  hint{"shade", comfort, 2},
  hint{"circadian", comfort, 3},
  hint{"adaptive", comfort, 1},
  hint{"sunrise", comfort, 1},
  hint{"wake", comfort, 2},
  hint{"brightness", comfort, 1},
  hint{"dimm", comfort, 1},
  hint{"motion", comfort, 1},
  hint{"presence", comfort, 1},
  hint{"window", comfort, 1},
  hint{"air quality", comfort, 2},
  hint{"radiator", comfort, 3},

  hint{"remote", convenience, 2},
  hint{"button", convenience, 2},
  hint{"controller", convenience, 2},
  hint{"notif", convenience, 1},
  hint{"reminder", convenience, 2},
  hint{"laundry", convenience, 2},
  hint{"washing", convenience, 2},
  hint{"battery", convenience, 2},
  hint{"schedule", convenience, 1},
  hint{"toggle", convenience, 1},
  hint{"switch", convenience, 1},
  hint{"scene", convenience, 1},
  hint{"tts", convenience, 1},
  hint{"speaker", convenience, 1},
};

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

/// Whether `word` begins a word of `text`.
bool says(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const bool begins = at == 0 || !is_letter(text[at - 1]);
    const bool whole = word.size() > 3 || at + word.size() == text.size() ||
                       !is_letter(text[at + word.size()]); // "ev" is not "every"
    if (begins && whole)
      return true;
  }
  return false;
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    c = c == '_' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

} // namespace

double completeness_of(const blueprint_facts& facts) {
  const bool devices = !facts.domains.empty() || !facts.device_classes.empty() ||
                       !facts.integrations.empty();
  const bool triggers =
    !facts.triggers.empty() || facts.domain != blueprint_domain::automation;
  const bool does =
    !facts.actions.empty() || facts.domain == blueprint_domain::template_entity;
  return 0.4 + (facts.description.empty() ? 0 : 0.3) + (devices ? 0.2 : 0) +
         (triggers && does ? 0.1 : 0);
}

double complexity_of(const blueprint_facts& facts) {
  const auto steps = static_cast<double>(facts.triggers.size() + facts.conditions.size() +
                                         facts.actions.size()) +
                     0.5 * static_cast<double>(facts.inputs.size()) +
                     0.5 * static_cast<double>(facts.templates);
  return steps / (steps + 20);
}

use_case use_case_of(const blueprint_facts& facts, std::string_view title,
                     const std::vector<std::string>& tags) {
  auto loud = lower(title) + " " + lower(facts.name);
  for (const auto& tag : tags)
    loud += " " + lower(tag);
  const auto quiet = lower(std::string_view{facts.description}.substr(0, 500));
  std::string devices;
  for (const auto* names : {&facts.domains, &facts.device_classes})
    for (const auto& name : *names)
      devices += " " + lower(name);
  std::array<int, 4> scores{};
  for (const auto& [word, speaks_for, weight] : hints)
    scores[static_cast<std::size_t>(speaks_for)] +=
      weight * (3 * says(loud, word) + says(quiet, word) + says(devices, word));
  const auto best = std::max_element(scores.begin(), scores.end());
  return static_cast<use_case>(best - scores.begin());
}

double quality_of(std::uint32_t votes, double completeness, double age_days) {
  return 0.5 * std::min(1.0, std::sqrt(votes / 1000.0)) + 0.3 * completeness +
         0.2 * std::max(0.0, 1 - std::max(0.0, age_days) / 730);
}

double days_between(wall_time from, wall_time to) {
  if (from == wall_time{})
    return 0;
  return std::chrono::duration<double, std::ratio<86'400>>{to - from}.count();
}

std::string_view use_case_word(use_case purpose) {
  constexpr std::array<std::string_view, 4> words{"convenience", "comfort", "energy",
                                                  "security"};
  return words.at(static_cast<std::size_t>(purpose));
}

} // namespace habitd
