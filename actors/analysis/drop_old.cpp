#include "actors/analysis/drop_old.hpp"

#include "actors/job/job_history.hpp"
#include "actors/runtime/fault_point.hpp"

#include <algorithm>

namespace habitd {

namespace {

/// @returns  the first day whose events may still be there.
expected<local_day> drop_old_days(home_store& store, batch& changes, local_day last,
                                  const analysis_options& options, bool had_problem) {
  const auto keep_days = options.keep_daily_days * (had_problem ? 2 : 1);
  const auto keep_from = keep_days > 0 ? last - keep_days : local_day{INT32_MIN};
  const bool keeps_all_raw = options.keep_raw_days == 0;
  const auto raw_from = keeps_all_raw ? keep_from : last - options.keep_raw_days;
  const auto until = std::max(raw_from, keep_from);
  auto old = store.days.range(local_day{INT32_MIN}, until);
  if (!old)
    return old.error();
  auto first_kept = keeps_all_raw ? local_day{INT32_MIN} : until;
  for (auto& [day, record] : *old) {
    const bool is_kept = day >= keep_from;
    const bool is_needed = record.dirty || record.missing.any();
    if (keeps_all_raw || (is_kept && (is_needed || day >= raw_from))) {
      if (record.raw_kept)
        first_kept = std::min(first_kept, day);
    } else if (record.raw_kept) {
      record.raw_kept = false;
      store.days.put(changes, day, record);
      store.events.erase(changes, day);
    }
    if (!is_kept) {
      store.days.erase(changes, day);
      store.aggregates.erase_day(changes, day);
    }
  }
  return first_kept;
}

} // namespace

error drop_old(const analysis_parts& with, const job_record& job) {
  fault_point("analysis.prune");
  auto& store = *with.store;
  const auto last = store.days.last();
  if (!last)
    return last.error();
  batch changes;
  const auto raw_from =
    *last ? drop_old_days(store, changes, **last, with.options, !job.problem.empty())
          : expected<local_day>{local_day{INT32_MIN}};
  if (!raw_from)
    return raw_from.error();
  const auto before = with.clock->now() - std::chrono::days{with.options.keep_jobs_days};
  if (auto failed = drop_old_jobs(changes, store, before, job.id))
    return failed;
  if (auto failed = store.db->write(std::move(changes)))
    return failed;
  return store.events.free_before(*raw_from);
}

} // namespace habitd
