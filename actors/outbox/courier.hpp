#pragma once

#include "actors/outbox/delivery.hpp"
#include "storage/home_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <optional>
#include <random>

namespace habitd {

/// What a courier sends itself: look at the outbox again.
struct look_at_outbox {
  std::int64_t due = 0; // of the timer, in ns of the actor clock: a replaced one is stale
};

template <class Inspector>
auto inspect(Inspector& f, look_at_outbox& x) {
  return f(caf::meta::type_name("look_at_outbox"), x.due);
}

using courier_self = courier_actor::extend<caf::reacts_to<look_at_outbox>>;

/// Where entries of a target go, and how.
struct courier_options {
  std::string target{};
  deliver_entry deliver;
  delivery_policy policy{};
  std::uint_fast32_t seed = 1; // of the jitter
};

/// Takes the first entry, delivers it, stores what became of it, and so on: in order, and at
/// least once, since an entry stays in the store until its target has taken it.
struct courier_state {
  static constexpr const char* name = "courier";
  explicit courier_state(courier_self::pointer self) : self{self} {}

  void look();
  void attempt(const outbox_entry& entry);
  error save();
  void look_in(std::chrono::milliseconds wait);

  courier_self::pointer self;
  courier_options options;
  std::shared_ptr<home_store> store;
  std::shared_ptr<const wall_clock> clock;
  std::minstd_rand random;
  std::optional<settlement> unsaved; // the disk refused it: saved before anything else
  std::optional<std::int64_t> timer; // when the next look is due
};

/// May be spawned detached: `options.deliver` blocks.
courier_self::behavior_type courier(courier_self::stateful_pointer<courier_state> self,
                                    courier_options options,
                                    std::shared_ptr<home_store> store,
                                    std::shared_ptr<const wall_clock> clock);

} // namespace habitd
