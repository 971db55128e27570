#include "actors/detector/co_occurrence/co_occurrence.hpp"
#include "actors/detector/detector.hpp"
#include "actors/detector/duration/duration.hpp"
#include "actors/detector/time_of_day/time_of_day.hpp"

#include <algorithm>
#include <vector>

namespace habitd {

namespace {

/// A line for each detector. Numbers stand in stored keys: never change or reuse one.
std::vector<detector> made_detectors() {
  return {
    time_of_day_detector(detector_id{1}),
    co_occurrence_detector(detector_id{2}),
    duration_detector(detector_id{6}),
  };
}

} // namespace

std::span<const detector> all_detectors() {
  static const auto all = made_detectors();
  return all;
}

expected<std::vector<pattern>>
patterns_today(const detector& of, const aggregate_history& history, local_day last,
               const lifecycle_state& state, const entity_names& names) {
  auto patterns = of.conclude(history, last, state, names);
  if (patterns)
    std::erase_if(*patterns, [](const pattern& found) { return found.q > candidate_q; });
  return patterns;
}

const detector* find_detector(std::string_view name) {
  const auto all = all_detectors();
  const auto at = std::find_if(all.begin(), all.end(),
                               [name](const auto& each) { return each.name == name; });
  return at == all.end() ? nullptr : &*at;
}

pattern_words words_of(const pattern& found) {
  if (const auto* of = find_detector(found.detector); of && of->describe)
    return of->describe(found);
  return {.title = found.id,
          .headline = found.detector + " of " + found.entities.front(),
          .reason = {},
          .figures = {},
          .order = {}};
}

} // namespace habitd
