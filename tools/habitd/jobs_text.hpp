#pragma once

#include "actors/runtime/calendar.hpp"
#include "messages/job.hpp"

#include <string>
#include <vector>

namespace habitd {

/// "0.4 s", "3 min 05 s", "2 h 10 min".
std::string duration_text(std::chrono::milliseconds span);

/// A table for people, one line a job, in the order given.
/// @param now  for the duration of jobs that run.
std::string jobs_table(const std::vector<job_record>& jobs, const home_calendar& calendar,
                       wall_time now);

/// Everything about one job, with its phases.
std::string job_text(const job_record& job, const home_calendar& calendar, wall_time now);

} // namespace habitd
