#include "actors/suggestion/back_test.hpp"

#include "actors/detector/detector.hpp"

namespace habitd {

expected<stored_days> stored_days::open(const home_store& store) {
  auto all = store.days.range(local_day{INT32_MIN}, local_day{INT32_MAX});
  if (!all)
    return std::move(all.error());
  stored_days result{store};
  result.days_ = std::move(*all);
  return result;
}

const aggregate_history& stored_days::history_of(detector_id detector) {
  auto& history = histories_[detector];
  if (history)
    return *history;
  history = std::make_shared<aggregate_history>();
  for (const auto& [day, record] : days_)
    if (is_sealed_for(detector, record))
      history->days.emplace(day, record);
  const auto kept =
    std::make_shared<std::map<std::pair<period, std::uint32_t>, expected<std::string>>>();
  history->part = [this, detector, kept](period when, std::uint32_t part) {
    const auto known = kept->find({when, part});
    if (known != kept->end())
      return known->second;
    auto bytes = store_->aggregates.get(detector, first_day_of(when), part);
    return kept->emplace(std::pair{when, part}, std::move(bytes)).first->second;
  };
  history->scan = [this, detector](period when, const auto& visit) {
    return store_->aggregates.scan_day(detector, first_day_of(when), visit);
  };
  return *history;
}

expected<back_test> stored_days::replay(const pattern& habit) {
  const auto* of = find_detector(habit.detector);
  if (!of || !of->replay)
    return back_test{};
  return of->replay(habit, history_of(of->id), [this](const std::string& entity) {
    return store_->entities->find(entity);
  });
}

} // namespace habitd
