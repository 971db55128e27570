#include "actors/analysis/drop_old.hpp"

#include "actors/analysis/days_to_do.hpp"
#include "actors/job/job_history.hpp"
#include "actors/runtime/fault_point.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace habitd {

namespace {

/// The last day that is over, or that is observed before it is. What a clock that erred has
/// dated later makes nothing old.
std::optional<local_day> last_over(const std::map<local_day, day_record>& days,
                                   const analysis_parts& with) {
  const auto today = with.calendar->day_of(with.clock->now());
  auto later = days.lower_bound(with.options.partial_days ? today + 1 : today);
  if (later == days.begin())
    return std::nullopt;
  return std::prev(later)->first;
}

/// What is kept of the days before the last one that is over.
struct kept_days {
  local_day from;     // days before it go
  local_day raw_from; // events of days before it go, once they are sealed
};

kept_days kept_before(local_day last, const analysis_options& options, bool had_problem) {
  const auto days = options.keep_daily_days * (had_problem ? 2 : 1);
  const auto from = days > 0 ? last - days : local_day{INT32_MIN};
  return {from, options.keep_raw_days == 0 ? from : last - options.keep_raw_days};
}

/// Weeks and months outlive their days.
error drop_old_periods(home_store& store, batch& changes, local_day last) {
  constexpr int keep_weekly_days = 365;
  constexpr int keep_monthly_days = 5 * 366;
  for (const auto& [which, days] :
       {std::pair{layer::week, keep_weekly_days}, {layer::month, keep_monthly_days}})
    if (auto failed =
          store.aggregates.erase_before(changes, period_of(last - days, which)))
      return failed;
  return {};
}

/// @returns  the first day whose events may still be there.
expected<local_day> drop_old_days(const analysis_parts& with, day_changes& book,
                                  bool had_problem) {
  auto& store = *with.store;
  const auto all = store.days.all();
  if (!all)
    return all.error();
  const auto last = last_over(*all, with);
  if (!last)
    return local_day{INT32_MIN};
  const auto [from, raw_from] = kept_before(*last, with.options, had_problem);
  const bool keeps_all_raw = with.options.keep_raw_days == 0;
  const auto until = std::max(raw_from, from);
  auto first_kept = keeps_all_raw ? local_day{INT32_MIN} : until;
  const auto observers = observers_of(with.workers);
  for (auto at = all->begin(); at != all->end() && at->first < until; ++at) {
    const auto& [day, record] = *at;
    const bool is_kept = day >= from;
    if (keeps_all_raw ||
        (is_kept && (due_for(observers, record).any() || day >= raw_from))) {
      if (record.raw_kept)
        first_kept = std::min(first_kept, day);
    } else if (record.raw_kept) {
      store.events.erase(book.with(), day);
      if (auto failed = book.note_rows_dropped(day))
        return failed;
    }
    if (!is_kept) {
      book.erase(day);
      store.aggregates.erase_day(book.with(), day);
    }
  }
  if (with.options.keep_daily_days > 0)
    if (auto failed = book.forget_before(from))
      return failed;
  if (auto failed = drop_old_periods(store, book.with(), *last))
    return failed;
  for (const auto& detector : with.workers.detectors)
    if (auto failed = store.lifecycle.erase_before(book.with(), detector.id, from))
      return failed;
  return first_kept;
}

} // namespace

error drop_old(const analysis_parts& with, const job_record& job) {
  fault_point("analysis.prune");
  auto& store = *with.store;
  local_day raw_from{INT32_MIN};
  if (auto failed = store.days.change([&](day_changes& book) {
        const auto first_kept = drop_old_days(with, book, !job.problem.empty());
        if (!first_kept)
          return first_kept.error();
        raw_from = *first_kept;
        const auto before =
          with.clock->now() - std::chrono::days{with.options.keep_jobs_days};
        return drop_old_jobs(book.with(), store, before, job.id);
      }))
    return failed;
  if (auto failed = store.events.free_before(raw_from))
    return failed;
  return store.db->keep_copy();
}

} // namespace habitd
