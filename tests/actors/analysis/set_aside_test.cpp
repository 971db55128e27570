#include "tests/actors/analysis/analysis_fixture.hpp"

namespace habitd {
namespace {

using namespace std::chrono_literals;

constexpr local_day first_day{20'521}; // 2026-03-09

/// A detector that can't observe one day as long as it is sick.
detector_actor::behavior_type sick_detector(detector_actor::pointer,
                                            std::shared_ptr<const bool> is_sick) {
  return {
    [is_sick](const observe_day& msg) -> caf::result<day_observed> {
      if (*is_sick && msg.day->day == first_day)
        return make_error(ec::corrupt_data, "the test says so");
      return day_observed{
        static_cast<std::uint8_t>(detector_id::time_of_day), msg.day->day, {}};
    },
    [](run_check) { return check_done{}; },
    [](conclude_patterns) { return std::make_shared<const std::vector<pattern>>(); },
  };
}

/// One turn a day.
std::deque<event_page> some_days(const home_calendar& calendar, int days) {
  std::deque<event_page> pages;
  for (int i = 0; i < days; ++i) {
    auto& page = pages.emplace_back();
    event_row row;
    row.at = calendar.span_of(first_day + i).begin + 5h;
    row.entity = page.texts.intern("light.kitchen");
    row.state = page.texts.intern("on");
    page.rows.push_back(row);
  }
  return pages;
}

TEST_CASE("a day that was set aside keeps its events until it is observed") {
  analysis_fixture home;
  const auto is_sick = std::make_shared<bool>(true);
  home.self->send_exit(home.analyst, caf::exit_reason::user_shutdown);
  home.detectors.push_back(
    home.sys.spawn(sick_detector, std::shared_ptr<const bool>{is_sick}));
  home.analyst = home.sys.spawn(
    analysis, analysis_workers{home.events, {home.detectors.back()}, home.suggestions},
    home.store, std::shared_ptr<const home_calendar>{home.calendar},
    std::shared_ptr<const wall_clock>{home.clock},
    analysis_options{.partial_days = true});

  const auto partial = home.analyze(some_days(*home.calendar, 20));
  CHECK(home.store->days.get(first_day)->raw_kept);
  CHECK_FALSE(
    home.store->days.get(first_day + 1)->raw_kept); // the others wait for nothing
  CHECK(home.store->events.read(first_day + 1)->events.empty());
  *is_sick = false;
  const auto whole = home.analyze({});

  CHECK(partial.outcome == job_outcome::partial);
  CHECK(whole.outcome == job_outcome::ok);
  const auto day = home.store->days.get(first_day);
  REQUIRE(day);
  CHECK_FALSE(day->dirty);
  CHECK(day->counts.rows == 1);
  CHECK_FALSE(day->raw_kept); // and then they go
}

} // namespace
} // namespace habitd
