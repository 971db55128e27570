#pragma once

#include "actors/analysis/analysis.hpp"

namespace habitd {

/// Drops days, events of days that are sealed, and records of jobs that are too old to keep.
/// What went wrong is done over by a later job, which may need days that are old: they stay
/// for twice the time if `job` has a problem.
error drop_old(const analysis_parts& with, const job_record& job);

} // namespace habitd
