#pragma once

#include "tests/faults/course.hpp"

#include <array>

namespace habitd::faults {

/// A home before and after the last of its jobs, as nothing disturbs it.
struct daily_run {
  /// @errors  what an undisturbed run must not meet.
  static expected<daily_run> of(std::uint64_t seed);

  small_home home;
  std::size_t job = 0; // the last
  wall_time begins{};
  std::shared_ptr<disk> before{}; // copies of it are disturbed
  std::shared_ptr<disk> after{};
  content end{};
  std::array<std::uint64_t, disk_call_kinds> calls{}; // from start to end of the run
};

} // namespace habitd::faults
