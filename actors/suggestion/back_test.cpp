#include "actors/suggestion/back_test.hpp"

#include "actors/detector/co_occurrence_row.hpp"

#include <algorithm>
#include <numeric>

namespace habitd {

namespace {

constexpr int tolerance_bins = 6; // half an hour

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

expected<start_record> read_starts(const home_store& store, local_day day) {
  const auto bytes = store.aggregates.get(detector_id::time_of_day, day, 0);
  if (bytes)
    return unpack_starts(*bytes);
  if (code_of(bytes.error()) == ec::not_found) // nothing happened on that day
    return start_record{};
  return bytes.error();
}

error undecodable(local_day day) {
  return make_error(ec::corrupt_data, "co_occurrence, day " + std::to_string(day.number));
}

} // namespace

expected<stored_days> stored_days::open(const home_store& store) {
  const auto all = store.days.all();
  if (!all)
    return all.error();
  stored_days result{store};
  for (const auto& [day, record] : *all)
    if (was_seen(record))
      result.days_.push_back({day, record, {}});
  return result;
}

item_number stored_days::item_at(const pattern& habit, std::size_t position) const {
  return item_of(store_->entities->find(habit.entities.at(position)),
                 habit.turns.at(position));
}

error stored_days::replay_clock(const pattern& habit, int time, sealed_day& on,
                                back_test& test) const {
  const auto bin = bin_of(time);
  if (!on.record.observed[static_cast<std::size_t>(bin)] ||
      !is_sealed_for(detector_id::time_of_day, on.record))
    return {};
  if (!on.starts) {
    auto starts = read_starts(*store_, on.day);
    if (!starts)
      return std::move(starts.error());
    on.starts = std::move(*starts);
  }
  const auto item = item_at(habit, 0);
  bool right = false;
  for (const auto& [of_day, items] : *on.starts)
    for (const auto& entry : items)
      right |= entry.item == item && starts_near(entry.starts, bin);
  ++test.days;
  ++test.fired;
  ++(right ? test.right : test.unwanted);
  return {};
}

error stored_days::replay_response(const pattern& habit, const sealed_day& on,
                                   back_test& test) const {
  if (!is_sealed_for(detector_id::co_occurrence, on.record))
    return {};
  ++test.days;
  const auto bytes =
    store_->aggregates.get(detector_id::co_occurrence, on.day, item_at(habit, 0));
  if (!bytes)
    return code_of(bytes.error()) == ec::not_found ? error{} : bytes.error();
  const auto sections = split_day_row(*bytes);
  if (!sections)
    return sections.error();
  trigger_row row;
  if (!add_bins(sections->bins, row))
    return undecodable(on.day);
  const std::size_t kind = habit.window == response_windows[0] ? 0 : 1;
  const auto& by_bin = row.triggers[kind];
  const auto fired =
    static_cast<int>(std::accumulate(by_bin.begin(), by_bin.end(), std::uint32_t{0}));
  const auto response = item_at(habit, 1);
  int right = 0;
  const auto look = [&](const day_hit& hit) {
    if (hit.item == response)
      right = static_cast<int>(hit.hits[kind]);
  };
  if (!each_hit(sections->counts, look))
    return undecodable(on.day);
  test.fired += fired;
  test.right += right;
  test.unwanted += fired - right;
  return {};
}

expected<back_test> stored_days::replay(const pattern& habit) {
  back_test test;
  const auto& weekdays = habit.weekdays;
  for (auto& on : days_) {
    if (!weekdays.empty() &&
        std::find(weekdays.begin(), weekdays.end(), weekday_of(on.day)) == weekdays.end())
      continue;
    const auto failed = habit.time ? replay_clock(habit, *habit.time, on, test)
                                   : replay_response(habit, on, test);
    if (failed)
      return failed;
  }
  return test;
}

} // namespace habitd
