#pragma once

#include "actors/runtime/calendar.hpp"
#include "messages/event.hpp"

#include <chrono>
#include <random>
#include <string_view>

namespace habitd::faults {

/// Writes the turns of a small home's entities into a page: a light with a habit, a motion
/// sensor that a lamp follows, and two things used at any time.
class day_writer {
public:
  day_writer(event_page& page, const home_calendar& calendar, std::uint64_t seed)
      : page_{page}, calendar_{calendar}, random_{seed} {}

  void day(local_day date);

private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  void turn(std::string_view entity, wall_time at, std::chrono::minutes lasts);
  void row(std::string_view entity, wall_time at, std::string_view to,
           std::string_view from);

  event_page& page_;
  const home_calendar& calendar_;
  std::mt19937_64 random_;
  std::uint64_t acts_ = 0;
};

} // namespace habitd::faults
