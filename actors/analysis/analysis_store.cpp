// What an analysis writes: each function is one atomic batch.

#include "actors/analysis/analysis.hpp"

#include "actors/runtime/fault_point.hpp"
#include "storage/records.hpp"

#include <algorithm>

namespace habitd {

namespace {

/// Replaces all records of `in` by the given ones.
template <class Record>
error replace_all(record_store& in, const std::vector<Record>& records, batch& changes) {
  const auto stored = in.list();
  if (!stored)
    return stored.error();
  for (const auto& [id, text] : *stored)
    if (std::none_of(records.begin(), records.end(),
                     [&id = id](const Record& record) { return record.id == id; }))
      in.erase(changes, id);
  for (const auto& record : records)
    in.put(changes, record.id, to_json(record));
  return {};
}

} // namespace

/// @param due  the detectors that were to observe the day; those that are not in `parts`
///             could not, and are asked again by the next job.
void analysis_state::seal(const home_day& day, std::vector<day_observed> parts,
                          detector_set due) {
  fault_point("analysis.seal");
  auto record = store->days.get(day.day);
  const auto anchor = store->anchor();
  if (!record || !anchor)
    return step_failed(!record ? record.error() : anchor.error());
  record->dirty = false;
  ++record->revision;
  record->observed = day.observed;
  record->exposure = day.exposure;
  record->counts = day.counts;
  record->missing = due;
  record->cut_off = 0;
  batch changes;
  for (auto& observed : parts) {
    std::vector<aggregate_part> stored;
    for (auto& [part, bytes] : observed.parts)
      stored.push_back({part, std::move(bytes)});
    const auto detector = static_cast<detector_id>(observed.detector);
    store->aggregates.put_day(changes, detector, day.day, std::move(stored));
    record->missing.reset(index_of(detector));
  }
  store->days.put(changes, day.day, *record);
  // Checks are counted from the anchor: an earlier one makes all of them anew.
  const auto new_anchor = !*anchor || day.day < **anchor;
  if (new_anchor)
    store->set_anchor(changes, day.day);
  for (const auto& detector : workers.detectors)
    if (new_anchor || due[index_of(detector.id)])
      store->lifecycle.erase_from(changes, detector.id,
                                  new_anchor ? local_day{INT32_MIN} : day.day);
  if (auto failed = store->db->write(std::move(changes)))
    return step_failed(failed);
  ++job.days_observed;
  ++next_day;
  enter([this] { load_next_day(); });
}

void analysis_state::store_patterns(std::vector<pattern> found) {
  fault_point("analysis.store_patterns");
  batch changes;
  auto failed = replace_all(store->patterns, found, changes);
  if (!failed)
    failed = store->db->write(std::move(changes));
  if (failed)
    return step_failed(failed);
  job.patterns = found.size();
  patterns = std::make_shared<const std::vector<pattern>>(std::move(found));
  end_phase(detector_problem);
}

void analysis_state::store_suggestions(const std::vector<suggestion>& made) {
  fault_point("analysis.store_suggestions");
  batch changes;
  auto failed = replace_all(store->suggestions, made, changes);
  if (!failed)
    failed = store->db->write(std::move(changes));
  if (failed)
    return step_failed(failed);
  job.suggestions = made.size();
  end_phase();
}

error analysis_state::prune() {
  fault_point("analysis.prune");
  const auto last = store->days.last();
  if (!last)
    return last.error();
  batch changes;
  const auto raw_from =
    *last ? drop_old_days(changes, **last) : expected<local_day>{local_day{INT32_MIN}};
  if (!raw_from)
    return raw_from.error();
  const auto before = clock->now() - std::chrono::days{options.keep_jobs_days};
  if (auto failed = drop_old_jobs(changes, *store, before, job.id))
    return failed;
  if (auto failed = store->db->write(std::move(changes)))
    return failed;
  return store->events.free_before(*raw_from);
}

/// Days, and events of days that are sealed. What went wrong is done over by a later job,
/// which may need days that are old: they stay for twice the time.
/// @returns  the first day whose events may still be there.
expected<local_day> analysis_state::drop_old_days(batch& changes, local_day last) {
  const auto keep_days = options.keep_daily_days * (job.problem.empty() ? 1 : 2);
  const auto keep_from = keep_days > 0 ? last - keep_days : local_day{INT32_MIN};
  const bool keeps_all_raw = options.keep_raw_days == 0;
  const auto raw_from = keeps_all_raw ? keep_from : last - options.keep_raw_days;
  const auto until = std::max(raw_from, keep_from);
  auto old = store->days.range(local_day{INT32_MIN}, until);
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
      store->days.put(changes, day, record);
      store->events.erase(changes, day);
    }
    if (!is_kept) {
      store->days.erase(changes, day);
      store->aggregates.erase_day(changes, day);
    }
  }
  return first_kept;
}

error analysis_state::save_job() {
  fault_point("analysis.save_job");
  batch changes;
  store->jobs.put(changes, job.id, to_json(job));
  return store->db->write(std::move(changes));
}

} // namespace habitd
