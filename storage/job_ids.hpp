#pragma once

#include "storage/database.hpp"

#include <string>

namespace habitd {

/// Ids sort by time: "20261122T030000123".
std::string job_id_at(wall_time begun);

/// The id of a job that begins now: the time, as above. Where the clock was
/// set back, it is just behind the last job's: ids are given once, and sort in the order in
/// which jobs began, so whoever goes on behind an id misses none.
/// @errors  those of the database.
expected<std::string> next_job_id(const database& db, wall_time now);

} // namespace habitd
