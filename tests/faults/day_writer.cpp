#include "tests/faults/day_writer.hpp"

namespace habitd::faults {

using namespace std::chrono_literals;

void day_writer::day(local_day date) {
  const auto at = [&](double hours) {
    return calendar_.instant(date, std::chrono::seconds{static_cast<int>(hours * 3600)});
  };
  const auto rises = at(7.0 + below(600) / 3600.0);
  turn("light.kitchen", rises, 40min);
  for (const double hour : {8.5, 12.0, 18.2, 21.3}) {
    const auto moves = at(hour + below(3000) / 3600.0);
    turn("binary_sensor.hall", moves, 2min);
    turn("light.hall", moves + std::chrono::seconds{8 + below(6)}, 5min);
  }
  turn("switch.kettle", at(6.0 + below(14 * 3600) / 3600.0), 4min);
  turn("light.study", at(6.0 + below(14 * 3600) / 3600.0), 25min);
}

void day_writer::turn(std::string_view entity, wall_time at, std::chrono::minutes lasts) {
  row(entity, at, "on", "off");
  row(entity, at + lasts, "off", "on");
}

void day_writer::row(std::string_view entity, wall_time at, std::string_view to,
                     std::string_view from) {
  event_row row;
  row.at = at;
  row.entity = page_.texts.intern(entity);
  row.state = page_.texts.intern(to);
  row.old_state = page_.texts.intern(from);
  row.before = previous::known;
  row.act = ++acts_;
  page_.rows.push_back(row);
}

} // namespace habitd::faults
