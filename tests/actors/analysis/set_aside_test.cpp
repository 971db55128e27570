// Days and detectors that fail: what is left out, and how it is made up for.

#include "tests/actors/analysis/sick_detector.hpp"

#include <algorithm>

namespace habitd {
namespace {

using namespace std::chrono_literals;

constexpr auto missing_one = detector_id::co_occurrence;

bool is_first(local_day day) {
  return day == first_day;
}

day_record record_of(const analysis_fixture& home, local_day day) {
  const auto record = home.store->days.get(day);
  REQUIRE(record);
  return *record;
}

TEST_CASE("a day that nobody could observe keeps its events until it is observed") {
  analysis_fixture home;
  home.options.keep_raw_days = 7;
  const auto one = make_sick(home, detector_id::time_of_day);
  const auto other = make_sick(home, detector_id::co_occurrence);
  one->strikes = other->strikes = is_first;

  const auto partial = home.analyze(some_days(*home.calendar, 20));
  CHECK(partial.outcome == job_outcome::partial);
  CHECK(record_of(home, first_day).dirty);
  CHECK(record_of(home, first_day).raw_kept);
  CHECK_FALSE(record_of(home, first_day + 1).raw_kept); // the others wait for nothing
  CHECK(home.store->events.read(first_day + 1)->events.empty());

  one->strikes = other->strikes = [](local_day) { return false; };
  CHECK(home.analyze({}).outcome == job_outcome::ok);
  CHECK_FALSE(record_of(home, first_day).dirty);
  CHECK(record_of(home, first_day).counts.rows == 1);
  CHECK_FALSE(record_of(home, first_day).raw_kept); // and then they go
}

TEST_CASE("a day that one detector can't observe is sealed for the others") {
  analysis_fixture home;
  home.options.keep_raw_days = 7;
  const auto ill = make_sick(home, missing_one);
  const auto well = make_sick(home, detector_id::time_of_day);
  ill->strikes = is_first;

  const auto partial = home.analyze(some_days(*home.calendar, 20));
  CHECK(partial.outcome == job_outcome::partial);
  CHECK(partial.problem ==
        "2026-03-09: not observed by co_occurrence: corrupt data: the test says so");
  CHECK(count_of(partial, analysis_count::days) == 20);
  const auto sealed = record_of(home, first_day);
  CHECK_FALSE(sealed.dirty);
  CHECK(sealed.raw_kept); // what is missing needs its events
  CHECK(is_sealed_for(detector_id::time_of_day, sealed));
  CHECK_FALSE(is_sealed_for(missing_one, sealed));
  CHECK(is_sealed_for(missing_one, record_of(home, first_day + 1)));

  ill->strikes = [](local_day) { return false; };
  well->asked.clear();
  CHECK(home.analyze({}).outcome == job_outcome::ok);
  CHECK(is_sealed_for(missing_one, record_of(home, first_day)));
  CHECK_FALSE(record_of(home, first_day).raw_kept);
  CHECK(well->asked.empty()); // it had observed the day already
}

TEST_CASE("a detector that fails on two days is left out, and asked again by the next "
          "job") {
  analysis_fixture home;
  const auto ill = make_sick(home, missing_one);
  ill->strikes = [](local_day) { return true; };
  ill->is_general = true;

  const auto partial = home.analyze(some_days(*home.calendar, 20));
  CHECK(partial.outcome == job_outcome::partial);
  CHECK(count_of(partial, analysis_count::days) == 20);
  CHECK(ill->asked == std::vector<local_day>{first_day, first_day + 1});

  ill->strikes = [](local_day) { return false; };
  ill->is_general = false;
  ill->asked.clear();
  CHECK(home.analyze({}).outcome == job_outcome::ok);
  CHECK(ill->asked.size() == 20);
}

TEST_CASE(
  "a detector that was ill for weeks ends with the findings of one that was not") {
  const auto options = noisy_home(7, 45);
  analysis_fixture undisturbed, home;
  undisturbed.analyze(pages_of(options));
  const auto expected = undisturbed.patterns();
  REQUIRE(expected.size() > 1);

  home.options.keep_raw_days = 7;
  const auto ill = make_sick(home, missing_one);
  const auto is_of_the_ill = [](const std::string& pattern) {
    return pattern.find("co_occurrence") != std::string::npos;
  };
  std::size_t day = 0, of_the_ill_before = 0;
  for (auto& page : pages_of(options)) {
    const bool is_ill = day >= 30 && day < 40;
    ill->is_general = is_ill;
    ill->strikes = [is_ill](local_day) { return is_ill; };
    std::deque<event_page> today;
    today.push_back(std::move(page));
    home.analyze(std::move(today));
    const auto found = home.patterns();
    const auto of_the_ill =
      static_cast<std::size_t>(std::count_if(found.begin(), found.end(), is_of_the_ill));
    if (day == 29)
      of_the_ill_before = of_the_ill;
    if (is_ill)
      CHECK(of_the_ill == of_the_ill_before); // they stand, and others are found anew
    ++day;
  }
  CHECK(of_the_ill_before > 0);
  CHECK(home.patterns() == expected);
}

TEST_CASE("after 400 days of downtime one job observes all days, oldest first") {
  analysis_fixture home;
  const auto watched = make_sick(home, missing_one); // it is well, but keeps a list
  auto pages = some_days(*home.calendar, 400);
  std::reverse(pages.begin(), pages.end());

  CHECK(home.analyze(std::move(pages)).outcome == job_outcome::ok);

  CHECK(watched->asked.size() == 400);
  CHECK(std::is_sorted(watched->asked.begin(), watched->asked.end()));
}

TEST_CASE("a day that ends the process twice is left to the next job that begins anew") {
  analysis_fixture home;
  const auto ill = make_sick(home, missing_one);
  ill->hangs = true;
  ill->strikes = [](local_day day) { return day == first_day + 1; };
  for (auto& page : some_days(*home.calendar, 5))
    home.waiting.push_back(std::move(page));
  REQUIRE(home.ask<std::string>(home.analyst, start_job{"test"}));
  home.advance(2s);
  home.restart();
  CHECK(record_of(home, first_day + 1).cut_off == 1);
  home.advance(2s);
  home.restart();
  home.advance(2s);

  CHECK(record_of(home, first_day + 1).cut_off == 2);
  auto jobs = home.jobs();
  REQUIRE(jobs.size() == 3);
  CHECK(jobs.back().outcome == job_outcome::partial);
  CHECK(jobs.back().problem == "2026-03-10: left to the next job: the last 2 that "
                               "observed it were cut off");
  CHECK_FALSE(record_of(home, first_day + 4).dirty); // all others are done
  CHECK(record_of(home, first_day + 1).dirty);

  ill->strikes = [](local_day) { return false; };
  ill->asked.clear();
  CHECK(home.analyze(some_days(*home.calendar, 6)).outcome == job_outcome::ok);
  CHECK(ill->asked.back() == first_day + 1); // after all others
  CHECK_FALSE(record_of(home, first_day + 1).dirty);
  CHECK(record_of(home, first_day + 1).cut_off == 0);
}

TEST_CASE(
  "a stop is no crash: the day that it cuts off is gone on with, and not blamed") {
  analysis_fixture home;
  home.carried.resume = true;
  const auto ill = make_sick(home, missing_one);
  ill->hangs = true;
  ill->strikes = is_first;
  for (auto& page : some_days(*home.calendar, 3))
    home.waiting.push_back(std::move(page));
  REQUIRE(home.ask<std::string>(home.analyst, start_job{"test"}));
  for (int stop = 1; stop <= 5; ++stop) {
    home.advance(2s);
    home.clock->time += 1min;
    if (stop == 5)
      ill->strikes = [](local_day) { return false; };
    home.begin_anew();
  }
  home.advance(2s);

  const auto jobs = home.jobs();
  REQUIRE(jobs.size() == 6); // each went on with the one before
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(jobs[i].outcome == job_outcome::interrupted);
    CHECK(jobs[i].stopped);
    CHECK(jobs[i].finished == jobs[i + 1].started);
    CHECK(jobs[i + 1].resumes == jobs[i].id);
  }
  CHECK(jobs[5].outcome == job_outcome::ok);
  CHECK_FALSE(record_of(home, first_day).dirty);
}

TEST_CASE("days that can't be observed are dropped when they are of no use any more") {
  analysis_fixture home;
  home.options.keep_raw_days = 7;
  home.options.keep_daily_days = 20;
  const auto ill = make_sick(home, missing_one);
  ill->strikes = is_first;

  home.analyze(some_days(*home.calendar, 41)); // twice as long as days are kept
  CHECK_FALSE(home.store->events.read(first_day)->events.empty());
  home.analyze(some_days(*home.calendar, 42));
  CHECK(code_of(home.store->days.get(first_day).error()) == ec::not_found);
  CHECK(home.store->events.read(first_day)->events.empty());
}

} // namespace
} // namespace habitd
