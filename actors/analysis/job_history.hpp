#pragma once

#include "messages/job.hpp"
#include "storage/home_store.hpp"

#include <string_view>
#include <vector>

namespace habitd {

/// Ends the records of analyses that a crash cut off: as *cancelled* where that was asked for,
/// else as *interrupted*. Other jobs may be at work, and have workers of their own.
/// @returns  the records it ended, by id.
expected<std::vector<job_record>> close_interrupted_jobs(home_store& store,
                                                         wall_time now);

/// The last analyses that were interrupted one after the other, newest first.
expected<std::vector<job_record>> interrupted_in_a_row(const home_store& store);

/// Stages the end of records of jobs that began before `before`. The last 20 stay, and the
/// record of `running`, which may be old by a clock that was set meanwhile.
error drop_old_jobs(batch& changes, home_store& store, wall_time before,
                    std::string_view running);

} // namespace habitd
