#include "actors/analysis/seal_day.hpp"

#include "actors/runtime/fault_point.hpp"

namespace habitd {

error seal_day(home_store& store, const home_day& day, detector_set due,
               std::vector<day_observed> parts, const analysis_workers& workers) {
  fault_point("analysis.seal");
  auto record = store.days.get(day.day);
  const auto anchor = store.anchor();
  if (!record || !anchor)
    return !record ? record.error() : anchor.error();
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
    store.aggregates.put_day(changes, detector, day.day, std::move(stored));
    record->missing.reset(index_of(detector));
  }
  store.days.put(changes, day.day, *record);
  // Checks are counted from the anchor: an earlier one makes all of them anew.
  const auto new_anchor = !*anchor || day.day < **anchor;
  if (new_anchor)
    store.set_anchor(changes, day.day);
  for (const auto& detector : workers.detectors)
    if (new_anchor || due[index_of(detector.id)])
      store.lifecycle.erase_from(changes, detector.id,
                                 new_anchor ? local_day{INT32_MIN} : day.day);
  return store.db->write(std::move(changes));
}

} // namespace habitd
