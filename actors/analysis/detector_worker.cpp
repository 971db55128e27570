#include "actors/analysis/detector_worker.hpp"

#include "actors/analysis/unreadable.hpp"
#include "actors/runtime/failure_handlers.hpp"
#include "actors/runtime/fault_point.hpp"
#include "actors/runtime/handler_result.hpp"

namespace habitd {

namespace {

entity_names names_of(const home_store& store) {
  return [&store](entity_number number) { return store.entities->name_of(number); };
}

/// A check and its later confirmation look back this far: the window before the oldest
/// candidate that may still be confirmed.
constexpr int check_reach_days = 3 * window_days;

/// The latest day that was ever sealed; today's may already have rows and not be over. One
/// that the detector at hand could not observe counts: its window ends with the home's.
expected<std::optional<local_day>> last_sealed_day(const home_store& store,
                                                   const snapshot* at) {
  const auto days = store.days.range(local_day{INT32_MIN}, local_day{INT32_MAX}, at);
  if (!days)
    return days.error();
  std::optional<local_day> last;
  for (const auto& [day, record] : *days)
    if (record.revision > 0)
      last = day;
  return last;
}

} // namespace

expected<aggregate_history> history_of(const home_store& store, detector_id detector,
                                       local_day from, local_day to,
                                       std::shared_ptr<const snapshot> at) {
  aggregate_history history;
  auto days = store.days.range(from, to, at.get());
  if (!days)
    return days.error();
  history.days = std::move(*days);
  std::erase_if(history.days, [detector](const auto& entry) {
    return !is_sealed_for(detector, entry.second);
  });
  history.part = [&store, detector, at](period when, std::uint32_t part) {
    return store.aggregates.get(detector, first_day_of(when), part, at.get());
  };
  history.scan = [&store, detector, at](period when, const auto& visit) {
    return store.aggregates.scan_day(detector, first_day_of(when), visit, at.get());
  };
  return history;
}

expected<bool> run_next_check(const detector& detector, home_store& store) {
  const auto anchor = store.anchor();
  const auto last_day = last_sealed_day(store, nullptr);
  const auto last_check = store.lifecycle.last(detector.id);
  if (!anchor || !last_day || !last_check)
    return !anchor ? anchor.error() : !last_day ? last_day.error() : last_check.error();
  if (!*anchor || !*last_day)
    return false;
  const auto check = *last_check ? (*last_check)->first + check_every_days
                                 : **anchor + (check_every_days - 1);
  if (check > **last_day)
    return false;
  const auto history = history_of(store, detector.id, check - (check_reach_days - 1),
                                  check + 1, store.db->take_snapshot());
  if (!history)
    return history.error();
  const auto state = detector.check(
    *history, check, *last_check ? (*last_check)->second : lifecycle_state{},
    names_of(store));
  if (!state)
    return state.error();
  batch changes;
  store.lifecycle.put(changes, detector.id, check, *state);
  if (auto failed = store.db->write(std::move(changes)))
    return failed;
  return true;
}

expected<std::vector<pattern>> conclude_window(const detector& detector,
                                               const home_store& store) {
  const auto at = store.db->take_snapshot();
  const auto last_day = last_sealed_day(store, at.get());
  auto last_check = store.lifecycle.last(detector.id, at.get());
  if (!last_day || !last_check)
    return !last_day ? last_day.error() : last_check.error();
  if (!*last_day)
    return std::vector<pattern>{};
  const auto history =
    history_of(store, detector.id, **last_day - (window_days - 1), **last_day + 1, at);
  if (!history)
    return history.error();
  return patterns_today(detector, *history, **last_day,
                        *last_check ? (*last_check)->second : lifecycle_state{},
                        names_of(store));
}

detector_actor::behavior_type
detector_worker(detector_actor::stateful_pointer<detector_worker_state> self,
                detector what, std::shared_ptr<home_store> store) {
  install_failure_handlers(self);
  self->state.what = std::move(what);
  self->state.store = std::move(store);
  return {
    [self](const observe_day& msg) {
      fault_point("detector.observe");
      const auto& what = self->state.what;
      day_observed result{static_cast<std::uint8_t>(what.id), msg.day->day, {}};
      for (auto& part : what.observe(*msg.day))
        result.parts.emplace_back(part.part, std::move(part.bytes));
      return result;
    },
    [self](run_check) -> caf::result<check_done> {
      fault_point("detector.check");
      const auto was_due = run_next_check(self->state.what, *self->state.store);
      if (!was_due)
        return was_due.error();
      return check_done{*was_due};
    },
    [self](conclude_patterns) -> caf::result<pattern_list> {
      fault_point("detector.conclude");
      auto patterns = conclude_window(self->state.what, *self->state.store);
      if (!patterns)
        return std::move(patterns.error());
      return pattern_list{
        std::make_shared<const std::vector<pattern>>(std::move(*patterns))};
    },
    [self](verify_stored) -> caf::result<stored_verified> {
      return to_result(set_unreadable_aside(self->state.what, *self->state.store));
    },
  };
}

} // namespace habitd
