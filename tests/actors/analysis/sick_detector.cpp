#include "tests/actors/analysis/sick_detector.hpp"

namespace habitd {

using namespace std::chrono_literals;

namespace {

detector_actor::behavior_type sick_detector(detector_actor::pointer self,
                                            std::shared_ptr<illness> ill,
                                            detector_actor well) {
  const auto fails = [ill] { return make_error(ill->error, "the test says so"); };
  return {
    [=](const observe_day& msg) -> caf::result<day_observed> {
      ill->asked.push_back(msg.day->day);
      if (!ill->strikes(msg.day->day))
        return self->delegate(well, msg);
      if (!ill->hangs)
        return fails();
      ill->unanswered.push_back(self->make_response_promise<day_observed>());
      return ill->unanswered.back();
    },
    [=](run_check msg) -> caf::result<check_done> {
      if (ill->is_general)
        return fails();
      return self->delegate(well, msg);
    },
    [=](conclude_patterns msg) -> caf::result<pattern_list> {
      if (ill->is_general)
        return fails();
      return self->delegate(well, msg);
    },
    [=](verify_stored msg) { return self->delegate(well, msg); },
  };
}

} // namespace

std::shared_ptr<illness> make_sick(analysis_fixture& home, detector_id detector) {
  auto ill = std::make_shared<illness>();
  for (auto& at_work : home.detectors)
    if (at_work.id == detector) {
      home.well.push_back(at_work.worker);
      at_work.worker = home.sys.spawn(sick_detector, ill, at_work.worker);
    }
  home.begin_anew();
  return ill;
}

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

} // namespace habitd
