#pragma once

#include "messages/job.hpp"
#include "storage/home_store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// The id of a job that starts then, like "20261122T030000123": ids sort by time.
std::string job_id(wall_time started);

/// Ends the records of jobs that a crash cut off: as *cancelled* where that was asked for,
/// else as *interrupted*.
/// @returns  the records it ended, by id.
expected<std::vector<job_record>> close_interrupted_jobs(home_store& store,
                                                         wall_time now);

/// How many of the last jobs, one after the other, were interrupted.
expected<std::uint32_t> interrupted_in_a_row(const home_store& store);

/// Stages the end of records of jobs that began before `before`. The last 20 stay, and the
/// record of `running`, which may be old by a clock that was set meanwhile.
error drop_old_jobs(batch& changes, home_store& store, wall_time before,
                    std::string_view running);

} // namespace habitd
