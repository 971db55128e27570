#pragma once

#include "messages/outbox.hpp"
#include "storage/home_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <string>

namespace habitd {

struct outbox_state {
  static constexpr const char* name = "outbox";
  outbox_state() = default;

  expected<std::string> retry(std::uint64_t sequence);
  void tell_couriers(outbox_actor::pointer self) const;

  std::shared_ptr<home_store> store;
  std::map<std::string, courier_actor> couriers; // by target
};

/// Drops entries that don't decode, and says so: they would keep those behind them.
error drop_unreadable_entries(home_store& store);

/// Sets waiting entries aside whose target is not among `targets` any more.
error bury_for_lack_of_target(home_store& store, const std::vector<std::string>& targets);

/// The way to the couriers for everybody else.
outbox_actor::behavior_type outbox(outbox_actor::stateful_pointer<outbox_state> self,
                                   std::shared_ptr<home_store> store,
                                   std::map<std::string, courier_actor> couriers);

} // namespace habitd
