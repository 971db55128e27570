// Rows whose time is not now: from a clock that jumped ahead, or older than what is kept.

#include "messages/time_text.hpp"
#include "tests/actors/analysis/sick_detector.hpp"

namespace habitd {
namespace {

using namespace std::chrono_literals;

event_page row_on(const analysis_fixture& home, local_day day,
                  std::string_view entity = "light.lamp") {
  event_page page;
  event_row row;
  row.at = home.calendar->span_of(day).begin + 10h;
  row.entity = page.texts.intern(entity);
  row.state = page.texts.intern("on");
  row.old_state = page.texts.intern("off");
  row.before = previous::known;
  page.rows.push_back(row);
  return page;
}

std::deque<event_page> only(event_page page) {
  std::deque<event_page> pages;
  pages.push_back(std::move(page));
  return pages;
}

/// Twenty days until yesterday, as a daemon has them.
struct home_of_today : analysis_fixture {
  home_of_today() {
    clock->time = calendar->span_of(today).begin + 1h;
    options.partial_days = false;
    options.keep_raw_days = 7;
    options.keep_daily_days = 15;
    begin_anew();
    REQUIRE(analyze(some_days(*calendar, 20)).outcome == job_outcome::ok);
  }

  std::size_t seen_days() const {
    const auto all = store->days.all();
    REQUIRE(all);
    return static_cast<std::size_t>(std::count_if(
      all->begin(), all->end(), [](const auto& day) { return was_seen(day.second); }));
  }

  const local_day today = first_day + 20;
};

TEST_CASE("a row dated ahead is set aside and told, and takes no day from the store") {
  home_of_today home;
  const auto before = home.seen_days();
  CHECK(before == 16);

  const auto job = home.analyze(only(row_on(home, home.today + 91)));

  CHECK(job.outcome == job_outcome::ok);
  CHECK(count_of(job, "rows_ahead") == 1);
  REQUIRE(job.notes.size() == 1);
  CHECK(
    job.notes[0].starts_with("1 rows are dated after tomorrow, the first 2026-06-28"));
  CHECK(home.seen_days() == before);
  CHECK_FALSE(home.store->events.read(home.today - 3)->events.empty());
}

TEST_CASE("rows dated ahead are taken when their day is over") {
  home_of_today home;
  home.analyze(only(row_on(home, home.today + 3)));
  CHECK_FALSE(was_seen(*home.store->days.get(home.today + 3)));

  home.clock->time = home.calendar->span_of(home.today + 4).begin;
  const auto job = home.analyze({});

  CHECK(job.outcome == job_outcome::ok);
  CHECK(home.store->days.get(home.today + 3)->counts.rows == 1);
}

TEST_CASE("a file's days that are still to come are not observed") {
  analysis_fixture home; // which observes days that are not over
  const auto today = home.calendar->day_of(home.clock->time);
  auto pages = only(row_on(home, today));
  pages.push_back(row_on(home, today + 91));

  const auto job = home.analyze(std::move(pages));

  CHECK(count_of(job, analysis_count::days) == 1);
  CHECK(was_seen(*home.store->days.get(today)));
}

TEST_CASE(
  "a row that is older than what is kept brings no day back, and costs no check") {
  home_of_today home;
  const auto check = home.store->lifecycle.last(detector_id::time_of_day);
  REQUIRE(check);
  REQUIRE(*check);
  const auto anchor = home.store->anchor();

  auto pages = only(row_on(home, first_day + 1));
  pages.push_back(row_on(home, first_day - 400));
  const auto job = home.analyze(std::move(pages));

  CHECK(count_of(job, "rows_too_late") == 2);
  CHECK(code_of(home.store->days.get(first_day + 1).error()) == ec::not_found);
  CHECK(*home.store->anchor() == *anchor);
  CHECK((*home.store->lifecycle.last(detector_id::time_of_day))->first ==
        (*check)->first);
}

} // namespace
} // namespace habitd
