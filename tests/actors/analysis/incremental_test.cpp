// Incremental equals full, to the last bit (spec AN-5): however the rows of a home come in,
// the findings are those of one pass over all of them.

#include "actors/job/job_history.hpp"
#include "messages/time_text.hpp"
#include "storage/records.hpp"
#include "tests/actors/analysis/analysis_fixture.hpp"

#include <algorithm>
#include <random>

namespace habitd {
namespace {

/// A home over the change to summer time, with outages and restarts: one page a day.
std::deque<event_page> home_days(std::uint64_t seed) {
  auto options = noisy_home(seed, 30);
  options.distractors.outages = 2;
  return pages_of(options);
}

/// Rows of `from` dealt out to `parts` pages at random, each page in random order.
std::deque<event_page> dealt_out(const event_page& from, int parts,
                                 std::mt19937_64& random) {
  std::deque<event_page> pages;
  for (int i = 0; i < parts; ++i) {
    pages.push_back(copy_of(from));
    pages.back().rows.clear();
  }
  for (const auto& row : from.rows) {
    pages[random() % pages.size()].rows.push_back(row);
    if (random() % 50 == 0) // read twice
      pages[random() % pages.size()].rows.push_back(row);
  }
  for (auto& page : pages)
    std::shuffle(page.rows.begin(), page.rows.end(), random);
  return pages;
}

std::vector<std::string> full_pass(std::uint64_t seed) {
  analysis_fixture full;
  CHECK(full.analyze(home_days(seed)).outcome == job_outcome::ok);
  return full.patterns();
}

TEST_CASE(
  "days read in any order, in any split, with repetition, give the same findings") {
  const auto seed = GENERATE(1U, 2U, 3U, 4U);
  const auto expected = full_pass(seed);
  REQUIRE_FALSE(expected.empty());
  std::mt19937_64 random{seed};
  std::deque<event_page> pages;
  for (const auto& day : home_days(seed))
    for (auto& page : dealt_out(day, 1 + static_cast<int>(random() % 3), random))
      pages.push_back(std::move(page));
  std::shuffle(pages.begin(), pages.end(), random);
  analysis_fixture disturbed;

  CHECK(disturbed.analyze(std::move(pages)).outcome == job_outcome::ok);

  CHECK(disturbed.patterns() == expected);
}

TEST_CASE("a job a day gives the same findings as one job for all days") {
  const auto seed = GENERATE(5U, 6U);
  const auto expected = full_pass(seed);
  analysis_fixture daily;

  for (const auto& day : home_days(seed)) {
    std::deque<event_page> pages;
    pages.push_back(copy_of(day));
    CHECK(daily.analyze(std::move(pages)).outcome == job_outcome::ok);
  }

  CHECK(daily.patterns() == expected);
}

TEST_CASE("days that are opened again, and backfill before the first day, are healed") {
  const auto seed = GENERATE(7U, 8U);
  const auto expected = full_pass(seed);
  std::mt19937_64 random{seed};
  std::deque<event_page> first, second;
  int number = 0;
  for (const auto& day : home_days(seed)) {
    auto halves = dealt_out(day, 2, random);
    const bool late = number < 6 || random() % 4 == 0; // the whole first days come late
    (number < 6 ? second : first).push_back(std::move(halves[0]));
    (late ? second : first).push_back(std::move(halves[1]));
    ++number;
  }
  analysis_fixture disturbed;

  CHECK(disturbed.analyze(std::move(first)).outcome == job_outcome::ok);
  CHECK(disturbed.patterns() != expected);
  CHECK(disturbed.analyze(std::move(second)).outcome == job_outcome::ok);

  CHECK(disturbed.patterns() == expected);
}

TEST_CASE("a database that replaces another takes no rows of a shared day away") {
  const auto pages = home_days(14);
  analysis_fixture home;
  batch changes;
  std::uint64_t stored = 0;
  for (const auto half : {0U, 1U}) { // both say they are the first page of the same path
    read_step step;
    step.position = {"home.db", "1"};
    step.ordinal = 1;
    step.page = copy_of(pages[0]);
    auto& rows = step.page.rows;
    const auto middle = rows.begin() + std::ssize(rows) / 2;
    half == 0 ? rows.erase(middle, rows.end()) : rows.erase(rows.begin(), middle);
    const auto staged =
      stage_page(step, *home.calendar, make_entity_filter({}, {}), *home.store, changes);
    REQUIRE(staged);
    stored += staged->stored;
  }
  REQUIRE_FALSE(home.store->db->write(std::move(changes)));

  const auto days = home.store->days.range(local_day{INT32_MIN}, local_day{INT32_MAX});
  REQUIRE(days);
  std::uint64_t read = 0;
  for (const auto& [day, record] : *days)
    read += home.store->events.read(day)->events.size();

  CHECK(read == stored);
}

TEST_CASE("an analysis without new rows changes nothing") {
  analysis_fixture home;
  home.analyze(home_days(9));
  const auto expected = home.patterns();

  const auto job = home.analyze({});

  CHECK(job.outcome == job_outcome::ok);
  CHECK(count_of(job, analysis_count::days) == 0);
  CHECK(home.patterns() == expected);
}

TEST_CASE("a source that fails for a while is read again, and nothing is lost") {
  const auto expected = full_pass(10);
  analysis_fixture home;
  home.fail_reads = 2;

  CHECK(home.analyze(home_days(10)).outcome == job_outcome::ok);

  CHECK(home.patterns() == expected);
}

TEST_CASE("a source that keeps failing leaves the earlier findings and says so") {
  analysis_fixture home;
  home.analyze(home_days(11));
  const auto expected = home.patterns();
  home.fail_reads = 100;

  const auto job = home.analyze(home_days(12));

  CHECK(job.outcome == job_outcome::partial);
  CHECK_THAT(job.problem, Catch::Contains("the test says so"));
  CHECK(home.patterns() == expected);
}

TEST_CASE("a second analysis is refused while one runs") {
  analysis_fixture home;
  home.waiting = home_days(13);
  home.fail_reads = 1; // so that the first one waits a second
  REQUIRE(home.ask<std::string>(home.analyst, start_job{"test"}));

  const auto second = home.ask<std::string>(home.analyst, start_job{"test"});

  REQUIRE_FALSE(second);
  CHECK(code_of(second.error()) == ec::busy);
  for (int i = 0; i < 10; ++i)
    home.advance(std::chrono::seconds{2});
}

TEST_CASE("jobs that a crash cut off are found and called interrupted") {
  analysis_fixture home;
  home.analyze({});
  batch changes;
  job_record cut_off;
  cut_off.id = "20200101T000000000";
  home.store->jobs.put(changes, cut_off.id, to_json(cut_off));
  REQUIRE_FALSE(home.store->db->write(std::move(changes)));

  const auto closed = close_interrupted_jobs(*home.store, "analysis", home.clock->now());

  REQUIRE(closed);
  REQUIRE(closed->size() == 1);
  CHECK(closed->front().id == cut_off.id);
  CHECK(job_from_json(*home.store->jobs.get(cut_off.id))->outcome ==
        job_outcome::interrupted);
}

TEST_CASE("a job of another kind that is at work is not called interrupted") {
  analysis_fixture home;
  batch changes;
  job_record refresh;
  refresh.id = "20200101T000000000";
  refresh.kind = "refresh";
  home.store->jobs.put(changes, refresh.id, to_json(refresh));
  REQUIRE_FALSE(home.store->db->write(std::move(changes)));

  const auto closed = close_interrupted_jobs(*home.store, "analysis", home.clock->now());

  REQUIRE(closed);
  CHECK(closed->empty());
  CHECK(job_from_json(*home.store->jobs.get(refresh.id))->outcome ==
        job_outcome::running);
}

TEST_CASE("two jobs that begin in the same millisecond keep a record each") {
  analysis_fixture home;
  const auto first = home.analyze({});
  home.clock->time -= std::chrono::hours{1}; // the clock is set back

  const auto second = home.analyze({});

  CHECK(first.started == second.started);
  CHECK(home.store->jobs.list()->size() == 2);
  CHECK(first.id < second.id);
}

} // namespace
} // namespace habitd
