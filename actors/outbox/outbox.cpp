#include "actors/outbox/outbox.hpp"

#include "actors/runtime/failure_handlers.hpp"
#include "actors/runtime/handler_result.hpp"
#include "messages/log_of.hpp"

#include <algorithm>

namespace habitd {

expected<std::string> outbox_state::retry(std::uint64_t sequence) {
  auto entry = store->outbox.dead_letter(sequence);
  if (!entry)
    return entry.error();
  if (!couriers.contains(entry->target))
    return make_error(ec::invalid_input,
                      "the target " + entry->target + " is not configured");
  entry->attempts = 0;
  entry->next_attempt = {};
  batch changes;
  store->outbox.revive(changes, *entry);
  if (auto failed = store->db->write(std::move(changes)))
    return failed;
  return entry->target;
}

void outbox_state::tell_couriers(outbox_actor::pointer self) const {
  for (const auto& [target, courier] : couriers)
    self->send(courier, outbox_changed{});
}

error drop_unreadable_entries(home_store& store) {
  batch changes;
  const auto dropped = store.outbox.drop_unreadable(changes);
  if (!dropped || *dropped == 0)
    return dropped ? error{} : dropped.error();
  if (auto failed = store.db->write(std::move(changes)))
    return failed;
  log_of(log_area::notify)
    .error("outbox: {} entries can't be read any more and are dropped", *dropped);
  return {};
}

error bury_for_lack_of_target(home_store& store,
                              const std::vector<std::string>& targets) {
  if (auto failed = drop_unreadable_entries(store))
    return failed;
  const auto entries = store.outbox.list();
  if (!entries)
    return entries.error();
  for (auto [key, entry] : *entries) {
    if (entry.dead ||
        std::find(targets.begin(), targets.end(), entry.target) != targets.end())
      continue;
    entry.dead = true;
    entry.last_error = "the target is not configured any more";
    batch changes; // one each: a thousand buried at once would not see each other
    auto failed = store.outbox.bury(changes, entry);
    if (!failed)
      failed = store.db->write(std::move(changes));
    if (failed)
      return failed;
  }
  return {};
}

outbox_actor::behavior_type outbox(outbox_actor::stateful_pointer<outbox_state> self,
                                   std::shared_ptr<home_store> store,
                                   std::map<std::string, courier_actor> couriers) {
  install_failure_handlers(self);
  self->state.store = std::move(store);
  self->state.couriers = std::move(couriers);
  return {
    [self](outbox_changed) { self->state.tell_couriers(self); },
    [self](retry_dead_letter msg) {
      auto target = self->state.retry(msg.sequence);
      if (target)
        self->state.tell_couriers(self);
      return to_result(std::move(target));
    },
  };
}

} // namespace habitd
