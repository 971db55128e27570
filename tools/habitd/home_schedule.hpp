#pragma once

#include "actors/runtime/scheduler.hpp"
#include "actors/runtime/supervision_tree.hpp"
#include "tools/habitd/home_branches.hpp"

namespace habitd {

inline constexpr const char* scheduler_branch = "scheduler";

/// Whether the clock of this machine can be trusted.
clock_check doubt_of_clock();

/// When the analysis runs.
scheduled_job analysis_job(cron_expression when);

/// What the scheduler of a home works with, but for the jobs. Its records are in the store.
/// @errors  those of `schedule_store::install_id`.
expected<scheduler_parts> home_schedule(const home_parts& home);

/// The scheduler. Each job is named like its kind, and like the branch that carries it.
branch scheduler_row(scheduler_parts with, const std::vector<scheduled_job>& jobs,
                     restart_policy restarts = {});

} // namespace habitd
