#include "actors/analysis/days_to_do.hpp"

namespace habitd {

std::vector<local_day> days_to_do::leave_out_suspects() {
  const auto first = days.end() - static_cast<std::ptrdiff_t>(suspects);
  std::vector<local_day> left_out{first, days.end()};
  days.erase(first, days.end());
  suspects = 0;
  return left_out;
}

std::vector<day_observer> observers_of(const analysis_workers& workers) {
  std::vector<day_observer> observers;
  for (const auto& detector : workers.detectors)
    observers.push_back({detector.id, detector.format});
  return observers;
}

expected<days_to_do> find_days_to_do(const home_store& store,
                                     const std::vector<day_observer>& observers,
                                     const day_filter& wanted) {
  const auto all = store.days.all();
  if (!all)
    return all.error();
  days_to_do result;
  std::vector<local_day> suspects;
  for (const auto& [day, record] : *all)
    if (due_for(observers, record).any() && wanted(day))
      (record.cut_off < suspect_after ? result.days : suspects).push_back(day);
  result.suspects = suspects.size();
  result.days.insert(result.days.end(), suspects.begin(), suspects.end());
  return result;
}

error leave_other_formats(home_store& store, const std::vector<day_observer>& observers) {
  const auto all = store.days.all();
  if (!all)
    return all.error();
  std::vector<std::pair<local_day, detector_id>> other;
  for (const auto& [day, record] : *all)
    for (const auto& [detector, format] : observers)
      if (const auto seal = record.seals.find(detector);
          seal != record.seals.end() && seal->second.format != format)
        other.emplace_back(day, detector);
  if (other.empty())
    return {};
  return store.days.change([&](day_changes& book) {
    for (const auto& [day, detector] : other) {
      if (auto failed = book.unseal(day, detector))
        return failed;
      store.aggregates.put_day(book.with(), detector, day, {});
    }
    return error{};
  });
}

error note_cut_off(home_store& store, local_day day) {
  return store.days.change([day](day_changes& book) { return book.note_cut_off(day); });
}

} // namespace habitd
