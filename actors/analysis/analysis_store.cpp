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

void analysis_state::seal(const home_day& day, std::vector<day_observed> parts) {
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
  batch changes;
  store->days.put(changes, day.day, *record);
  for (auto& observed : parts) {
    std::vector<aggregate_part> stored;
    for (auto& [part, bytes] : observed.parts)
      stored.push_back({part, std::move(bytes)});
    const auto detector = static_cast<detector_id>(observed.detector);
    store->aggregates.put_day(changes, detector, day.day, stored);
    // Checks are counted from the anchor: an earlier one makes all of them anew.
    const auto new_anchor = !*anchor || day.day < **anchor;
    store->lifecycle.erase_from(changes, detector,
                                new_anchor ? local_day{INT32_MIN} : day.day);
  }
  if (!*anchor || day.day < **anchor)
    store->set_anchor(changes, day.day);
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
  end_phase();
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
  if (!last || !*last)
    return last ? error{} : last.error();
  batch changes;
  if (options.keep_raw_days > 0) {
    const auto keep_from = **last - options.keep_raw_days;
    store->events.erase_before(changes, keep_from);
    auto old = store->days.range(local_day{INT32_MIN}, keep_from);
    if (!old)
      return old.error();
    for (auto& [day, record] : *old)
      if (record.raw_kept && !record.dirty) {
        record.raw_kept = false;
        store->days.put(changes, day, record);
      }
  }
  if (options.keep_daily_days > 0) {
    const auto keep_from = **last - options.keep_daily_days;
    store->days.erase_before(changes, keep_from);
    for (const auto detector : {detector_id::time_of_day, detector_id::co_occurrence})
      store->aggregates.erase_before(changes, detector, keep_from);
  }
  return store->db->write(std::move(changes));
}

error analysis_state::save_job() {
  fault_point("analysis.save_job");
  batch changes;
  store->jobs.put(changes, job.id, to_json(job));
  return store->db->write(std::move(changes));
}

expected<std::uint32_t> close_interrupted_jobs(home_store& store, wall_time now) {
  const auto jobs = store.jobs.list();
  if (!jobs)
    return jobs.error();
  batch changes;
  std::uint32_t closed = 0;
  for (const auto& [id, text] : *jobs) {
    auto job = job_from_json(text);
    if (!job || job->kind != job_record{}.kind || job->outcome != job_outcome::running)
      continue;
    job->outcome = job_outcome::interrupted;
    job->finished = now;
    store.jobs.put(changes, id, to_json(*job));
    ++closed;
  }
  if (closed > 0)
    if (auto failed = store.db->write(std::move(changes)))
      return failed;
  return closed;
}

expected<std::uint32_t> interrupted_in_a_row(const home_store& store) {
  const auto jobs = store.jobs.list();
  if (!jobs)
    return jobs.error();
  std::uint32_t count = 0;
  for (auto at = jobs->rbegin(); at != jobs->rend(); ++at) {
    const auto job = job_from_json(at->second);
    if (job && job->kind != job_record{}.kind)
      continue;
    if (!job || job->outcome != job_outcome::interrupted)
      break;
    ++count;
  }
  return count;
}

} // namespace habitd
