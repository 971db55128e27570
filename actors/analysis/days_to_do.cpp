#include "actors/analysis/days_to_do.hpp"

namespace habitd {

std::vector<local_day> days_to_do::leave_out_suspects() {
  const auto first = days.end() - static_cast<std::ptrdiff_t>(suspects);
  std::vector<local_day> left_out{first, days.end()};
  days.erase(first, days.end());
  suspects = 0;
  return left_out;
}

expected<days_to_do> find_days_to_do(const home_store& store, detector_set detectors,
                                     const day_filter& wanted) {
  const auto all = store.days.range(local_day{INT32_MIN}, local_day{INT32_MAX});
  if (!all)
    return all.error();
  days_to_do result;
  std::vector<local_day> suspects;
  for (const auto& [day, record] : *all)
    if ((record.dirty || (record.raw_kept && (record.missing & detectors).any())) &&
        wanted(day))
      (record.cut_off < suspect_after ? result.days : suspects).push_back(day);
  result.suspects = suspects.size();
  result.days.insert(result.days.end(), suspects.begin(), suspects.end());
  return result;
}

error note_cut_off(home_store& store, local_day day) {
  auto record = store.days.get(day);
  if (!record)
    return record.error();
  ++record->cut_off;
  batch changes;
  store.days.put(changes, day, *record);
  return store.db->write(std::move(changes));
}

} // namespace habitd
