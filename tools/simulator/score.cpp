#include "tools/simulator/score.hpp"

#include "actors/detector/time_of_day/finding.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace habitd {

namespace {

constexpr int day_minutes = 24 * 60;
constexpr int window = 28; // days that patterns are concluded from

bool stopped(const planted_truth& truth, local_day last) {
  return truth.stops && last >= *truth.stops;
}

/// Minutes between two times of day, the short way around the clock.
double around_the_clock(double a, double b) {
  const auto apart = std::fmod(std::abs(a - b), day_minutes);
  return std::min(apart, day_minutes - apart);
}

/// Lengths as the detector says them, in seconds; as many as were planted, each within 10 %.
bool has_lengths(const planted_truth& truth, const pattern& found) {
  const auto* part = found.own.if_contains("duration");
  const auto* lengths =
    part && part->is_object() ? part->get_object().if_contains("lengths") : nullptr;
  if (!lengths || !lengths->is_array() ||
      lengths->get_array().size() != truth.lengths.size())
    return false;
  for (std::size_t i = 0; i < truth.lengths.size(); ++i) {
    const auto* median =
      lengths->get_array()[i].is_object()
        ? lengths->get_array()[i].get_object().if_contains("median_seconds")
        : nullptr;
    if (!median || !median->is_number() ||
        std::abs(median->to_number<double>() / truth.lengths[i] - 1) > 0.1)
      return false;
  }
  return true;
}

/// How far off the centre is; null if it is too far, or the pattern is of something else.
std::optional<double> match(const planted_truth& truth, const pattern& found,
                            const simulation_options& options, local_day last) {
  if (found.detector != detector_for(truth.kind) || found.entities != truth.entities ||
      found.turns != truth.turns)
    return std::nullopt;
  if (truth.kind == truth_kind::trigger)
    return 0;
  if (truth.kind == truth_kind::duration)
    return has_lengths(truth, found) ? std::optional{0.0} : std::nullopt;
  const auto clock = clock_finding_of(found);
  if (!clock)
    return std::nullopt;
  const auto seen = std::min(last - options.first_date, window);
  const auto drifted = truth.drift_minutes * (last - options.first_date - seen / 2.0);
  const auto error = around_the_clock(clock->time / 60.0, truth.time / 60.0 + drifted);
  const auto allowed =
    std::max(10.0, 2 * truth.sd_minutes) + truth.drift_minutes * seen / 2.0;
  return error <= allowed ? std::optional{error} : std::nullopt;
}

bool is_neutral(const home_truth& truth, const pattern& found) {
  return std::any_of(truth.neutral.begin(), truth.neutral.end(), [&](const auto& each) {
    return each.entities == found.entities && each.turns == found.turns;
  });
}

judgement judge_alone(const home_truth& truth, const pattern& found, local_day last) {
  judgement best;
  for (std::size_t i = 0; i < truth.planted.size(); ++i) {
    const auto error = match(truth.planted[i], found, truth.options, last);
    if (error && (!best.truth || *error < best.centre_error))
      best = {verdict::right, i, *error};
  }
  if (best.truth && stopped(truth.planted[*best.truth], last))
    best.says = verdict::redundant;
  if (!best.truth && is_neutral(truth, found))
    best.says = verdict::neutral;
  return best;
}

std::vector<pattern> published(const std::vector<pattern>& patterns) {
  std::vector<pattern> result;
  std::copy_if(patterns.begin(), patterns.end(), std::back_inserter(result),
               [](const auto& each) { return each.status == pattern_status::confirmed; });
  return result;
}

double share_of(int part, int whole) {
  return whole == 0 ? 1 : static_cast<double>(part) / whole;
}

} // namespace

std::vector<judgement> judge(const home_truth& truth,
                             const std::vector<pattern>& patterns, local_day last) {
  std::vector<judgement> result;
  for (const auto& each : patterns)
    result.push_back(judge_alone(truth, each, last));
  for (auto& each : result)
    for (auto& other : result)
      if (&each != &other && each.says == verdict::right &&
          other.says == verdict::right && each.truth == other.truth)
        (other.centre_error < each.centre_error ? each : other).says = verdict::redundant;
  return result;
}

double detector_score::precision() const {
  return share_of(right, right + wrong);
}

double detector_score::recall() const {
  return share_of(right, right + missed);
}

double detector_score::f1() const {
  const auto both = precision() + recall();
  return both > 0 ? 2 * precision() * recall() / both : 0;
}

detector_score& detector_score::operator+=(const detector_score& other) {
  right += other.right;
  wrong += other.wrong;
  missed += other.missed;
  neutral += other.neutral;
  sure += other.sure;
  sure_wrong += other.sure_wrong;
  centre_errors.insert(centre_errors.end(), other.centre_errors.begin(),
                       other.centre_errors.end());
  days_to_publish.insert(days_to_publish.end(), other.days_to_publish.begin(),
                         other.days_to_publish.end());
  return *this;
}

publication_log::publication_log(const home_truth& truth)
    : truth_{truth}, days_(truth.planted.size()) {}

void publication_log::note(local_day last, const std::vector<pattern>& patterns) {
  for (const auto& each : judge(truth_, published(patterns), last))
    if (each.says == verdict::right && !days_[*each.truth])
      days_[*each.truth] = last - truth_.options.first_date + 1;
}

std::optional<int> publication_log::days_to_publish(std::size_t truth) const {
  return days_.at(truth);
}

home_score score_home(const home_truth& truth, const std::vector<pattern>& patterns,
                      local_day last, const publication_log* log) {
  home_score scores;
  const auto confirmed = published(patterns);
  const auto judgements = judge(truth, confirmed, last);
  std::vector<bool> found(truth.planted.size());
  for (std::size_t i = 0; i < confirmed.size(); ++i) {
    auto& score = scores[confirmed[i].detector];
    const auto& each = judgements[i];
    if (each.says == verdict::redundant || each.says == verdict::neutral) {
      ++score.neutral;
      continue;
    }
    const bool right = each.says == verdict::right;
    ++(right ? score.right : score.wrong);
    score.sure += confirmed[i].q <= 0.05;
    score.sure_wrong += confirmed[i].q <= 0.05 && !right;
    if (right)
      found[*each.truth] = true;
    if (right && clock_finding_of(confirmed[i]))
      score.centre_errors.push_back(each.centre_error);
  }
  for (std::size_t i = 0; i < truth.planted.size(); ++i) {
    auto& score = scores[detector_for(truth.planted[i].kind)];
    score.missed += !found[i] && !stopped(truth.planted[i], last);
    if (const auto days = log ? log->days_to_publish(i) : std::nullopt)
      score.days_to_publish.push_back(*days);
  }
  return scores;
}

double quantile(std::vector<double> values, double share) {
  if (values.empty())
    return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const auto rank = std::ceil(share * static_cast<double>(values.size()));
  const auto last = values.size() - 1;
  return values[std::min(last, static_cast<std::size_t>(std::max(rank, 1.0)) - 1)];
}

} // namespace habitd
