#pragma once

#include "actors/home/reader.hpp"
#include "actors/runtime/calendar.hpp"
#include "storage/home_store.hpp"

#include <deque>

namespace habitd::faults {

/// A home so small that its analysis takes milliseconds: three weeks of a light with a
/// habit, a motion sensor that a lamp follows, and two things used at any time.
class small_home {
public:
  explicit small_home(std::uint64_t seed);

  const std::shared_ptr<const home_calendar>& calendar() const { return calendar_; }

  /// Days come in jobs: what the source holds when the n-th job (from 0) begins.
  std::size_t jobs() const { return pages_by_.size(); }
  wall_time begins(std::size_t job) const; // an hour after its last day

  /// A source over the pages that are there when the job begins; goes on where the store's
  /// cursor says.
  expected<event_source> open(const home_store& store, std::size_t job) const;

  /// From now on the source has but the pages of the last so many days.
  void keep_last_days(int days) { kept_days_ = days; }

private:
  std::size_t first_page(std::size_t end) const;
  void add_page(int days);

  std::shared_ptr<const home_calendar> calendar_;
  std::uint64_t seed_;
  std::vector<event_page> pages_;
  std::vector<std::size_t> pages_by_; // how many pages there are by each job
  std::vector<int> days_by_;
  std::vector<int> page_days_; // of each page
  int days_ = 0;
  int kept_days_ = 0; // 0 = all
};

} // namespace habitd::faults
