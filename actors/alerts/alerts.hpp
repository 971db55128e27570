#pragma once

#include "actors/alerts/alert_book.hpp"
#include "messages/outbox.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>

namespace habitd {

/// What the alert actor sends itself: look for conditions that nobody tells it of.
struct look_for_alerts {};

template <class Inspector>
auto inspect(Inspector& f, look_for_alerts&) {
  return f(caf::meta::type_name("look_for_alerts"));
}

using alerts_self = alert_actor::extend<caf::reacts_to<look_for_alerts>>;

/// Stages changes of alerts.
using stage_alerts = std::function<expected<alert_change>(
  batch& changes, const alert_book& book, wall_time now)>;

struct alerts_state {
  static constexpr const char* name = "alerts";
  explicit alerts_state(alerts_self::pointer self) : self{self} {}

  /// Stages, commits, and tells the couriers if there is something for them.
  error change(const stage_alerts& stage);
  void look();
  void forget_old();

  alerts_self::pointer self;
  std::shared_ptr<home_store> store;
  std::shared_ptr<const wall_clock> clock;
  std::shared_ptr<const alert_book> book;
  outbox_actor outbox;
  wall_time forgot{}; // when old alerts were last forgotten
};

/// @param targets  of the outbox, which are told.
alerts_self::behavior_type alerts(alerts_self::stateful_pointer<alerts_state> self,
                                  std::shared_ptr<home_store> store,
                                  std::shared_ptr<const wall_clock> clock,
                                  std::vector<std::string> targets, outbox_actor outbox);

} // namespace habitd
