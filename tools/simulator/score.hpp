#pragma once

#include "tools/simulator/truth.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace habitd {

/// What a published pattern is worth, against what is true of the home.
enum class verdict : std::uint8_t {
  right,     // a planted truth, found
  redundant, // of a truth that another pattern matches better, or that had stopped
  neutral,   // a regularity that a planted truth brings along
  wrong,
};

struct judgement {
  verdict says = verdict::wrong;
  std::optional<std::size_t> truth; // position in `home_truth::planted`
  double centre_error = 0;          // minutes, of clock truths
};

/// Judges each pattern by E13: same kind, same entities and turns in order, and for a clock
/// habit a centre not further off than 10 minutes or 2 sd, whichever is more, around the
/// clock. A truth is `right` once, by the nearest pattern.
/// @param last  the last day the patterns are concluded from; a drifting truth is expected
///              where it was on average in the four weeks before.
/// @returns     one judgement per pattern, in their order.
std::vector<judgement> judge(const home_truth& truth,
                             const std::vector<pattern>& patterns, local_day last);

/// How well a detector did on one home, or on several.
struct detector_score {
  int right = 0;
  int wrong = 0;
  int missed = 0;
  int neutral = 0;                     // neither, redundant ones included
  std::vector<double> centre_errors;   // minutes
  std::vector<double> days_to_publish; // of truths found: days of history that it took
  int sure = 0;                        // right or wrong with q <= 0.05 …
  int sure_wrong = 0;                  // … and wrong

  double precision() const; // 1 if nothing was published
  double recall() const;    // 1 if there was nothing to find
  double f1() const;
  detector_score& operator+=(const detector_score& other);
};

using home_score = std::map<std::string, detector_score>; // by detector

/// Remembers when each truth of a home was first published.
class publication_log {
public:
  explicit publication_log(const home_truth& truth);

  /// @param patterns  as concluded from the days up to and including `last`.
  void note(local_day last, const std::vector<pattern>& patterns);

  /// Days of history before the truth was published; null if it never was.
  std::optional<int> days_to_publish(std::size_t truth) const;

private:
  const home_truth& truth_;
  std::vector<std::optional<int>> days_; // by position in `home_truth::planted`
};

/// Scores the confirmed ones among `patterns`; candidates and retired ones are not published.
/// @param log  null leaves `days_to_publish` empty.
home_score score_home(const home_truth& truth, const std::vector<pattern>& patterns,
                      local_day last, const publication_log* log = nullptr);

/// @param share   0.5 for the median.
/// @returns       the smallest value that at least `share` of them don't exceed; NaN of none.
double quantile(std::vector<double> values, double share);

} // namespace habitd
