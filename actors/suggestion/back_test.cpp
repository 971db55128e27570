#include "actors/suggestion/back_test.hpp"

#include "actors/detector/co_occurrence_row.hpp"
#include "actors/detector/time_of_day_record.hpp"

#include <algorithm>

namespace habitd {

namespace {

constexpr int tolerance_bins = 6; // half an hour

item_number item_at(const pattern& habit, std::size_t position, const home_store& store) {
  return item_of(store.entities->find(habit.entities.at(position)),
                 habit.turns.at(position));
}

int bin_of(int seconds_since_midnight) {
  return (seconds_since_midnight - 3 * 3600 + 86'400) % 86'400 / 300;
}

bool starts_near(const std::bitset<bins_per_day>& starts, int bin) {
  for (int at = std::max(0, bin - tolerance_bins);
       at <= std::min(bins_per_day - 1, bin + tolerance_bins); ++at)
    if (starts[static_cast<std::size_t>(at)])
      return true;
  return false;
}

error replay_clock(const pattern& habit, int time, local_day day,
                   const day_record& record, const home_store& store, back_test& test) {
  const auto bin = bin_of(time);
  if (!record.observed[static_cast<std::size_t>(bin)])
    return {};
  const auto bytes = store.aggregates.get(detector_id::time_of_day, day, 0);
  if (!bytes && code_of(bytes.error()) != ec::not_found)
    return bytes.error();
  const auto starts =
    bytes ? unpack_starts(*bytes) : expected<start_record>{start_record{}};
  if (!starts)
    return starts.error();
  const auto item = item_at(habit, 0, store);
  bool right = false;
  for (const auto& [of_day, items] : *starts)
    for (const auto& entry : items)
      right |= entry.item == item && starts_near(entry.starts, bin);
  ++test.days;
  ++test.fired;
  ++(right ? test.right : test.unwanted);
  return {};
}

error replay_response(const pattern& habit, local_day day, const home_store& store,
                      back_test& test) {
  ++test.days;
  const auto bytes =
    store.aggregates.get(detector_id::co_occurrence, day, item_at(habit, 0, store));
  if (!bytes)
    return code_of(bytes.error()) == ec::not_found ? error{} : bytes.error();
  const auto row = unpack_row(*bytes);
  if (!row)
    return row.error();
  const std::size_t kind = habit.window == response_windows[0] ? 0 : 1;
  int fired = 0;
  for (const auto count : row->triggers[kind])
    fired += static_cast<int>(count);
  const auto response = item_at(habit, 1, store);
  int right = 0;
  for (const auto& entry : row->responses)
    if (entry.item == response)
      right = static_cast<int>(entry.hits[kind]);
  test.fired += fired;
  test.right += right;
  test.unwanted += fired - right;
  return {};
}

} // namespace

expected<back_test> replay_stored_days(const pattern& habit, const home_store& store) {
  const auto days = store.days.range(local_day{INT32_MIN}, local_day{INT32_MAX});
  if (!days)
    return days.error();
  back_test test;
  for (const auto& [day, record] : *days) {
    const auto& on = habit.weekdays;
    if (record.revision == 0 ||
        (!on.empty() && std::find(on.begin(), on.end(), weekday_of(day)) == on.end()))
      continue;
    const auto failed = habit.time
                          ? replay_clock(habit, *habit.time, day, record, store, test)
                          : replay_response(habit, day, store, test);
    if (failed)
      return failed;
  }
  return test;
}

} // namespace habitd
