#pragma once

#include "messages/error.hpp"
#include "messages/pattern.hpp"
#include "tools/simulator/options.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <vector>

namespace habitd {

enum class truth_kind : std::uint8_t {
  clock,    // one entity turned on or off at a time of day
  trigger,  // the second entity follows the first
  duration, // the entity stays on for one or two usual lengths
};

/// The detector, by name, that should find a truth of this kind.
const char* detector_for(truth_kind kind);

/// A habit that was planted in a simulated home.
struct planted_truth {
  std::string id{}; // "clock-3"; those of one chain or pair share the part before the dot
  truth_kind kind = truth_kind::clock;
  std::vector<std::string> entities{}; // the trigger first
  std::vector<turn> turns{};           // one per entity

  // clock
  int time = 0;                     // seconds since local midnight, on the first day
  double sd_minutes = 0;            // of single days around `time`
  double adherence = 0;             // share of its weekdays with it
  std::vector<int> weekdays{};      // 0 = Monday
  double drift_minutes = 0;         // later every day by this much
  std::optional<local_day> stops{}; // first day without it

  // trigger
  double probability = 0; // of a response
  double lag_median = 0;  // seconds
  double lag_sigma = 0;   // of the lag's logarithm

  // duration
  std::vector<double> lengths{}; // medians in seconds, ascending
  double length_sigma = 0;       // of their logarithms
};

/// A pattern that a planted truth brings along without being one itself: publishing it is
/// neither right nor wrong.
struct neutral_pattern {
  std::vector<std::string> entities{};
  std::vector<turn> turns{};
};

/// What looks like a habit and is none; for people who read the truth.
struct distractor {
  std::string kind{}; // "burst", "automation", …
  std::vector<std::string> entities{};
};

/// Everything that is known about a simulated home before any detector saw it.
struct home_truth {
  simulation_options options{};
  std::vector<planted_truth> planted{};
  std::vector<neutral_pattern> neutral{};
  std::vector<distractor> distractors{};
};

boost::json::value to_json(const home_truth& truth);

/// The inverse of `to_json`, which leaves out how many habits and distractors were asked for:
/// they are there.
/// @errors ec::corrupt_data naming the member that is missing or of another kind.
expected<home_truth> truth_from_json(const boost::json::value& json);

} // namespace habitd
