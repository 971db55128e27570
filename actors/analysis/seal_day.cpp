#include "actors/analysis/seal_day.hpp"

#include "actors/runtime/fault_point.hpp"

#include <algorithm>

namespace habitd {

namespace {

/// Stages the parts of those that observed the day, and says who they are.
std::vector<day_observer> stage_parts(home_store& store, batch& changes, local_day day,
                                      std::vector<day_observed> parts,
                                      const analysis_workers& workers) {
  std::vector<day_observer> observed;
  for (auto& one : parts) {
    const auto id = static_cast<detector_id>(one.detector);
    std::vector<aggregate_part> stored;
    for (auto& [part, bytes] : one.parts)
      stored.push_back({part, std::move(bytes)});
    store.aggregates.put_day(changes, id, day, std::move(stored));
    const auto who = std::ranges::find(workers.detectors, id, &detector_at_work::id);
    observed.push_back(
      {id, who == workers.detectors.end() ? std::uint8_t{1} : who->format});
  }
  return observed;
}

/// Checks are counted from the anchor, so an earlier one makes all of them anew. All days
/// since are still there then: none is taken that is older than what was ever dropped.
error stage_checks(home_store& store, batch& changes, local_day day, detector_set due,
                   const analysis_workers& workers) {
  const auto anchor = store.anchor();
  if (!anchor)
    return anchor.error();
  const auto new_anchor = !*anchor || day < **anchor;
  if (new_anchor)
    store.set_anchor(changes, day);
  for (const auto& detector : workers.detectors)
    if (new_anchor || due[index_of(detector.id)])
      store.lifecycle.erase_from(changes, detector.id,
                                 new_anchor ? local_day{INT32_MIN} : day);
  return {};
}

} // namespace

error seal_day(home_store& store, const home_day& day, detector_set due,
               std::vector<day_observed> parts, const analysis_workers& workers) {
  fault_point("analysis.seal");
  return store.days.change([&](day_changes& book) {
    const auto observed =
      stage_parts(store, book.with(), day.day, std::move(parts), workers);
    for (const auto& [detector, format] : observed)
      due.set(index_of(detector));
    std::vector<detector_id> failed;
    for (const auto& detector : workers.detectors)
      if (due[index_of(detector.id)] &&
          std::ranges::find(observed, detector.id, &day_observer::detector) ==
            observed.end())
        failed.push_back(detector.id);
    if (auto unread = book.seal(day, observed, failed))
      return unread;
    return stage_checks(store, book.with(), day.day, due, workers);
  });
}

} // namespace habitd
