#pragma once

#include "replay.hpp"
#include "tools/simulator/score.hpp"

#include <map>
#include <string>
#include <vector>

namespace habitd::quality {

/// What to measure.
struct bench_options {
  std::uint64_t seed = 1;
  int homes = 20;
  std::vector<int> lengths{14, 30, 60}; // days of history, ascending
  int nulls = 200;                      // homes of each kind
  int null_days = 60;
  int shuffles = 20; // of each real log, of each kind
  double workday_share = habit_options{}.workday_share;
  double together = 0; // as of distractor_options
  bool wide = false;   // habits of E13's whole range instead of the default ones
  std::vector<std::string> only; // detectors by name; empty = all
  std::string data;              // directory of real logs; may be absent
  int threads = 2;
};

/// Publications where none are right.
struct null_score {
  int published = 0; // different patterns ever confirmed
  double months = 0; // of 30 days, over all homes
  double per_month() const { return months > 0 ? published / months : 0; }
};

/// Truths of one kind, such as those of workdays.
struct found_share {
  int found = 0;
  int all = 0;
};

/// A detector's results, summed over homes.
struct detector_result {
  std::map<int, detector_score>
    by_length; // days to publish: those never published as inf
  std::map<int, std::map<std::string, found_share>> by_weekdays; // by length
  std::map<std::string, null_score> nulls; // by name of the null: "N1", "N1 real logs", …
  std::vector<std::string> wrong;          // wrong publications, in words
  std::vector<std::string> missed;         // truths that were not published, in words
};

struct bench_result {
  std::map<std::string, detector_result> detectors;
  std::vector<std::string> skipped; // what was not measured, and why
  std::vector<std::string> failed;  // what went wrong
};

bench_result measure(const bench_options& options);

} // namespace habitd::quality
