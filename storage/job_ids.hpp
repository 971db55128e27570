#pragma once

#include "storage/database.hpp"

#include <string>

namespace habitd {

/// The id of a job that begins now: the time, like "20261122T030000123". Where the clock was
/// set back, it is just behind the last job's: ids are given once, and sort in the order in
/// which jobs began, so whoever goes on behind an id misses none.
/// @errors  those of the database.
expected<std::string> next_job_id(const database& db, wall_time now);

} // namespace habitd
