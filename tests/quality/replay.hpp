#pragma once

#include "actors/detector/detector.hpp"
#include "actors/runtime/calendar.hpp"
#include "tools/simulator/simulate.hpp"

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace habitd::quality {

/// A home's days as detectors get them.
struct cleaned_home {
  home_calendar calendar;
  std::vector<std::string> names; // by entity number - 1
  std::vector<home_day> days;     // ascending, one after the other
};

/// The whole way from rows to days, as an analysis goes it.
expected<cleaned_home> clean_home(const simulated_home& home);

/// @errors as of `open_source` and its reader.
expected<cleaned_home> clean_log(const std::filesystem::path& file,
                                 const std::string& zone);

/// Sees what a detector concludes after the day `last`.
using visit_patterns =
  std::function<void(local_day last, const std::vector<pattern>& patterns)>;

/// Lives through days as the daily and weekly jobs do, with aggregates in memory, and
/// concludes after every weekly check and after each of `lengths` days.
error replay(const detector& what, const cleaned_home& home,
             std::span<const home_day> days, const std::vector<int>& lengths,
             const visit_patterns& visit);

} // namespace habitd::quality
