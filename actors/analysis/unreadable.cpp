#include "actors/analysis/unreadable.hpp"

namespace habitd {

namespace {

bool is_damage(const error& reason) {
  return code_of(reason) == ec::corrupt_data;
}

/// Empty if all of a day can be read.
error verify_day(const detector& detector, const home_store& store, local_day day) {
  error damage;
  auto failed = store.aggregates.scan_day(
    detector.id, day, [&](std::uint32_t part, std::string_view bytes) {
      damage = detector.verify(part, bytes);
      return !damage;
    });
  return failed ? failed : damage;
}

error forget_checks_from(local_day day, const detector& detector, home_store& store) {
  batch changes;
  store.lifecycle.erase_from(changes, detector.id, day);
  return store.db->write(std::move(changes));
}

error forget_unreadable_checks(const detector& detector, home_store& store) {
  auto last = store.lifecycle.last(detector.id);
  while (last && *last && detector.verify_state((*last)->second)) {
    if (auto failed = forget_checks_from((*last)->first, detector, store))
      return failed;
    last = store.lifecycle.last(detector.id);
  }
  if (last)
    return {};
  // Which of them are damaged can't be told: reading ends at the first.
  return is_damage(last.error())
           ? forget_checks_from(local_day{INT32_MIN}, detector, store)
           : last.error();
}

} // namespace

expected<stored_verified> set_unreadable_aside(const detector& detector,
                                               home_store& store) {
  if (auto failed = forget_unreadable_checks(detector, store))
    return failed;
  auto days = store.days.range(local_day{INT32_MIN}, local_day{INT32_MAX});
  if (!days)
    return days.error();
  stored_verified result;
  batch changes;
  for (auto& [day, record] : *days) {
    const auto damage =
      is_sealed_for(detector.id, record) ? verify_day(detector, store, day) : error{};
    if (damage && !is_damage(damage))
      return damage;
    if (!damage)
      continue;
    if (result.unreadable.empty())
      result.problem = describe(damage);
    result.unreadable.push_back(day);
    record.missing.set(index_of(detector.id));
    store.days.put(changes, day, record);
    store.aggregates.put_day(changes, detector.id, day, {});
  }
  if (result.unreadable.empty())
    return result;
  if (auto failed = store.db->write(std::move(changes)))
    return failed;
  return result;
}

} // namespace habitd
