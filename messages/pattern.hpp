#pragma once

#include "messages/home_day.hpp"
#include "messages/time.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace habitd {

/// Where a pattern stands (detectors.md E0, peeking): found in a weekly check, found
/// again on later days only, or faded.
enum class pattern_status : std::uint8_t { candidate, confirmed, retired };

/// A share with its 95 % Wilson interval.
struct proportion {
  double value = 0;
  double low = 0;
  double high = 1;
};

/// A regularity that passed its statistical test: what all detectors say of one, and what only
/// its own detector knows how to read.
struct pattern {
  std::string id;                    // stable: a hash of what it says, not of when
  std::string detector;              // "time_of_day", "co_occurrence", …
  std::vector<std::string> entities; // the trigger first
  std::vector<turn> turns;           // one per entity
  std::vector<int> weekdays;         // 0 = Monday; the days it is a habit on
  int support = 0;                   // days, triggers or uses with it
  int trials = 0;                    // those on which it could have happened
  int support_days = 0;              // days with it
  int eligible_days = 0;             // days on which it could have been seen
  proportion adherence;              // support / trials
  double lift = 0;                   // against chance
  double p = 1;
  double q = 1; // false-discovery rate over everything tested in the run
  pattern_status status = pattern_status::candidate;
  local_day first_found;        // the weekly check that made it a candidate
  std::vector<local_day> dates; // days with it, ascending, in the window concluded from
  boost::json::object own; // the detector's part, as it stands in the JSON: each has a
                           // struct for it, such as `clock_finding`
};

} // namespace habitd
