#pragma once

#include "tests/actors/analysis/analysis_fixture.hpp"

#include <functional>

namespace habitd {

/// What a detector of a test can't do.
struct illness {
  std::function<bool(local_day)> strikes = [](local_day) { return false; };
  bool hangs = false;      // instead of failing
  bool is_general = false; // checks and conclusions fail as well
  ec error = ec::corrupt_data;

  std::vector<local_day> asked; // days to observe, in order
  std::vector<caf::typed_response_promise<day_observed>> unanswered;
};

/// Stands before a detector of `home`, and does what it does unless it is ill.
std::shared_ptr<illness> make_sick(analysis_fixture& home, detector_id detector);

/// One turn a day, from 2026-03-09 on.
constexpr local_day first_day{20'521};
std::deque<event_page> some_days(const home_calendar& calendar, int days);

} // namespace habitd
