#include "actors/alerts/alerts.hpp"

#include "actors/alerts/job_alerts.hpp"
#include "actors/runtime/failure_handlers.hpp"
#include "messages/log_of.hpp"

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 15s;
constexpr auto keep_cleared = 365 * 24h;

caf::result<void> to_result(error failed) {
  if (failed)
    return failed;
  return caf::unit;
}

} // namespace

error alerts_state::change(const stage_alerts& stage) {
  batch changes;
  const auto change = stage(changes, *book, clock->now());
  if (!change)
    return change.error();
  if (*change == alert_change::nothing)
    return {};
  if (auto failed = store->db->write(std::move(changes)))
    return failed;
  if (*change == alert_change::news && outbox)
    self->send(outbox, outbox_changed{});
  return {};
}

void alerts_state::look() {
  const auto jobs = [this](batch& changes, const alert_book& with, wall_time now) {
    return stage_job_alerts(changes, *store, with, now);
  };
  const auto dead_letters = [this](batch& changes, const alert_book& with,
                                   wall_time now) {
    return stage_dead_letter_alerts(changes, *store, with, now);
  };
  for (const auto& stage : {stage_alerts{jobs}, stage_alerts{dead_letters}})
    if (auto failed = change(stage))
      log_of(log_area::notify).warn("alerts: {}", describe(failed));
  forget_old();
}

void alerts_state::forget_old() {
  const auto now = clock->now();
  if (now - forgot < 24h && now >= forgot)
    return;
  forgot = now;
  batch changes;
  store->alerts.erase_cleared_before(changes, now - keep_cleared);
  if (auto failed = store->db->write(std::move(changes)))
    log_of(log_area::notify).warn("alerts: {}", describe(failed));
}

alerts_self::behavior_type alerts(alerts_self::stateful_pointer<alerts_state> self,
                                  std::shared_ptr<home_store> store,
                                  std::shared_ptr<const wall_clock> clock,
                                  std::vector<std::string> targets, outbox_actor outbox) {
  install_failure_handlers(self);
  auto& state = self->state;
  state.book = std::make_shared<const alert_book>(store, std::move(targets));
  state.store = std::move(store);
  state.clock = std::move(clock);
  state.outbox = std::move(outbox);
  self->send(self, look_for_alerts{});
  return {
    [&state](const raise_alert& msg) {
      return to_result(
        state.change([&msg](batch& changes, const alert_book& book, wall_time now) {
          return book.raise(changes, msg, now);
        }));
    },
    [&state](const clear_alert& msg) {
      return to_result(
        state.change([&msg](batch& changes, const alert_book& book, wall_time now) {
          return book.clear(changes, msg, now);
        }));
    },
    [self, &state](look_for_alerts) {
      self->delayed_send(self, look_every, look_for_alerts{});
      state.look();
    },
  };
}

} // namespace habitd
