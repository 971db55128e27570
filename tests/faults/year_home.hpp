#pragma once

#include "actors/home/reader.hpp"
#include "actors/runtime/calendar.hpp"
#include "storage/home_store.hpp"

namespace habitd::faults {

/// A small home through a whole year with both changes of the clock: its source has a page
/// more every half day.
class year_home {
public:
  explicit year_home(std::uint64_t seed);

  const std::shared_ptr<const home_calendar>& calendar() const { return calendar_; }

  /// The beginning of a day of the year, from 0.
  wall_time begin_of(int day) const;

  /// A source over the pages that are full by `now`; goes on where the store's cursor says.
  expected<event_source> open(const home_store& store, wall_time now) const;

private:
  event_page page(std::size_t number) const; // from 0
  wall_time end_of_page(std::size_t number) const;

  std::shared_ptr<const home_calendar> calendar_;
  std::uint64_t seed_;
};

} // namespace habitd::faults
