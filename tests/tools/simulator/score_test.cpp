#include "actors/detector/time_of_day/finding.hpp"
#include "tools/simulator/score.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace habitd;

namespace {

constexpr local_day first{20'514};
constexpr local_day last = {20'514 + 29};

planted_truth clock_truth(int time = 7 * 3600) {
  return {.id = "clock-1",
          .kind = truth_kind::clock,
          .entities = {"light.kitchen"},
          .turns = {turn::on},
          .time = time,
          .sd_minutes = 6};
}

planted_truth trigger_truth() {
  return {.id = "trigger-1",
          .kind = truth_kind::trigger,
          .entities = {"binary_sensor.hall", "light.hall"},
          .turns = {turn::on, turn::on}};
}

home_truth home_with(std::vector<planted_truth> planted) {
  home_truth truth;
  truth.options.first_date = first;
  truth.planted = std::move(planted);
  return truth;
}

pattern clock_pattern(int time) {
  pattern found;
  found.detector = "time_of_day";
  found.entities = {"light.kitchen"};
  found.turns = {turn::on};
  found.own = own_part(clock_finding{time, 0});
  found.q = 0.01;
  found.status = pattern_status::confirmed;
  return found;
}

pattern pair_pattern(const std::string& a, const std::string& b) {
  pattern found;
  found.detector = "co_occurrence";
  found.entities = {a, b};
  found.turns = {turn::on, turn::on};
  found.q = 0.01;
  found.status = pattern_status::confirmed;
  return found;
}

verdict verdict_on(const home_truth& truth, const pattern& found) {
  return judge(truth, {found}, last).at(0).says;
}

} // namespace

TEST_CASE("a clock pattern is right within twice the spread of the habit") {
  const auto truth = home_with({clock_truth()});

  CHECK(verdict_on(truth, clock_pattern(7 * 3600)) == verdict::right);
  CHECK(verdict_on(truth, clock_pattern(7 * 3600 + 12 * 60)) == verdict::right);
  CHECK(verdict_on(truth, clock_pattern(7 * 3600 + 12 * 60 + 1)) == verdict::wrong);
  CHECK(verdict_on(truth, clock_pattern(7 * 3600 - 13 * 60)) == verdict::wrong);
}

TEST_CASE("a clock pattern may always be ten minutes off") {
  auto sharp = clock_truth();
  sharp.sd_minutes = 2;
  const auto truth = home_with({sharp});

  CHECK(verdict_on(truth, clock_pattern(7 * 3600 + 600)) == verdict::right);
  CHECK(verdict_on(truth, clock_pattern(7 * 3600 + 601)) == verdict::wrong);
}

TEST_CASE("centres are compared around midnight") {
  const auto truth = home_with({clock_truth(120)});

  const auto judged = judge(truth, {clock_pattern(86'400 - 180)}, last).at(0);

  CHECK(judged.says == verdict::right);
  CHECK(judged.centre_error == Approx(5));
}

TEST_CASE("the other turn, another entity or another detector is wrong") {
  const auto truth = home_with({clock_truth()});
  auto off = clock_pattern(7 * 3600);
  off.turns = {turn::off};
  auto other = clock_pattern(7 * 3600);
  other.entities = {"light.hall"};
  auto pair = clock_pattern(7 * 3600);
  pair.detector = "co_occurrence";

  CHECK(verdict_on(truth, off) == verdict::wrong);
  CHECK(verdict_on(truth, other) == verdict::wrong);
  CHECK(verdict_on(truth, pair) == verdict::wrong);
}

TEST_CASE("a trigger pattern is right only in its order") {
  const auto truth = home_with({trigger_truth()});

  CHECK(verdict_on(truth, pair_pattern("binary_sensor.hall", "light.hall")) ==
        verdict::right);
  CHECK(verdict_on(truth, pair_pattern("light.hall", "binary_sensor.hall")) ==
        verdict::wrong);
}

TEST_CASE("a neutral pattern is neither right nor wrong") {
  auto truth = home_with({trigger_truth()});
  truth.neutral.push_back({{"light.hall", "fan.bath"}, {turn::on, turn::on}});

  const auto score =
    score_home(truth, {pair_pattern("light.hall", "fan.bath")}, last).at("co_occurrence");

  CHECK(score.neutral == 1);
  CHECK(score.wrong == 0);
  CHECK(score.missed == 1);
}

TEST_CASE("of two patterns for one truth the nearer is right and the other redundant") {
  const auto truth = home_with({clock_truth()});

  const auto judged =
    judge(truth, {clock_pattern(7 * 3600 + 300), clock_pattern(7 * 3600 + 60)}, last);

  CHECK(judged.at(0).says == verdict::redundant);
  CHECK(judged.at(1).says == verdict::right);
}

TEST_CASE("a pattern equally near twice is right once") {
  const auto truth = home_with({clock_truth()});

  const auto score =
    score_home(truth, {clock_pattern(7 * 3600), clock_pattern(7 * 3600)}, last);

  CHECK(score.at("time_of_day").right == 1);
  CHECK(score.at("time_of_day").neutral == 1);
}

TEST_CASE("candidates and retired patterns are not published") {
  const auto truth = home_with({clock_truth()});
  auto candidate = clock_pattern(7 * 3600);
  candidate.status = pattern_status::candidate;
  auto retired = clock_pattern(9 * 3600);
  retired.status = pattern_status::retired;

  const auto score = score_home(truth, {candidate, retired}, last).at("time_of_day");

  CHECK(score.right == 0);
  CHECK(score.wrong == 0);
  CHECK(score.missed == 1);
}

TEST_CASE("a habit that has stopped is neither missed nor wrong") {
  auto stopped = clock_truth();
  stopped.stops = last - 5;
  const auto truth = home_with({stopped});

  const auto silent = score_home(truth, {}, last).at("time_of_day");
  const auto late = score_home(truth, {clock_pattern(7 * 3600)}, last).at("time_of_day");

  CHECK(silent.missed == 0);
  CHECK(late.neutral == 1);
  CHECK(late.wrong == 0);
}

TEST_CASE("a drifting habit is expected where it was in the last four weeks") {
  auto drifting = clock_truth();
  drifting.drift_minutes = 1;
  const auto truth = home_with({drifting});
  const local_day late = first + 90;

  const auto at = [](int minutes) { return clock_pattern(7 * 3600 + minutes * 60); };
  CHECK(judge(truth, {at(76)}, late).at(0).says == verdict::right);
  CHECK(judge(truth, {at(0)}, late).at(0).says == verdict::wrong);
}

TEST_CASE("precision, recall and F1 follow from the counts") {
  detector_score score;
  score.right = 6;
  score.wrong = 2;
  score.missed = 4;

  CHECK(score.precision() == Approx(0.75));
  CHECK(score.recall() == Approx(0.6));
  CHECK(score.f1() == Approx(2 * 0.75 * 0.6 / 1.35));
  CHECK(detector_score{}.precision() == 1);
}

TEST_CASE("calibration counts the wrong among the sure") {
  const auto truth = home_with({clock_truth()});
  auto unsure = clock_pattern(15 * 3600);
  unsure.q = 0.2;

  const auto score =
    score_home(truth, {clock_pattern(7 * 3600), clock_pattern(12 * 3600), unsure}, last);

  CHECK(score.at("time_of_day").sure == 2);
  CHECK(score.at("time_of_day").sure_wrong == 1);
  CHECK(score.at("time_of_day").wrong == 2);
}

TEST_CASE("the publication log keeps the first day on which a truth was right") {
  const auto truth = home_with({clock_truth(), trigger_truth()});
  publication_log log{truth};

  log.note(first + 13, {clock_pattern(12 * 3600)});
  log.note(first + 20, {clock_pattern(7 * 3600)});
  log.note(first + 27, {clock_pattern(7 * 3600)});

  CHECK(log.days_to_publish(0) == 21);
  CHECK_FALSE(log.days_to_publish(1));
  const auto scores = score_home(truth, {clock_pattern(7 * 3600)}, last, &log);
  CHECK(scores.at("time_of_day").days_to_publish == std::vector<double>{21});
  CHECK(scores.at("co_occurrence").days_to_publish.empty());
}

TEST_CASE("quantiles are values of the sample") {
  CHECK(quantile({3, 1, 2}, 0.5) == 2);
  CHECK(quantile({4, 3, 1, 2}, 0.5) == 2);
  CHECK(quantile({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 0.9) == 9);
  CHECK(std::isnan(quantile({}, 0.5)));
}
