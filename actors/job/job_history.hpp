#pragma once

#include "messages/job.hpp"
#include "storage/home_store.hpp"

#include <string_view>
#include <vector>

namespace habitd {

/// Ends the records of jobs of `kind` that a crash cut off: as *cancelled* where that was
/// asked for, else as *interrupted*. Jobs of other kinds have carriers of their own.
/// @param running  the id of the one that runs, if one does.
/// @returns        the records it ended, by id.
expected<std::vector<job_record>> close_interrupted_jobs(home_store& store,
                                                         std::string_view kind,
                                                         wall_time now,
                                                         std::string_view running = {});

/// The last jobs of `kind` that were interrupted one after the other, newest first.
expected<std::vector<job_record>> interrupted_in_a_row(const home_store& store,
                                                       std::string_view kind);

/// Stages the end of records of jobs that began before `before`. The last 20 stay, and the
/// record of `running`, which may be old by a clock that was set meanwhile.
error drop_old_jobs(batch& changes, home_store& store, wall_time before,
                    std::string_view running);

} // namespace habitd
