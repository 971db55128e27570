#include "actors/outbox/courier.hpp"

#include "actors/outbox/outbox.hpp"
#include "actors/runtime/failure_handlers.hpp"
#include "messages/log_of.hpp"

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr auto look_without_news = 60s; // news may get lost with a peer that restarts
constexpr auto store_retry = 10s;

/// An exception must not cost the courier, which would meet the same entry again.
delivery_result try_to_deliver(const courier_options& options,
                               const outbox_entry& entry) {
  try {
    return options.deliver(entry);
  } catch (const std::exception& bug) {
    log_of(log_area::notify).error("courier {}: {}", options.target, bug.what());
    return {delivery_result::kind::failed, "unexpected", {}};
  }
}

void log_settled(const std::string& target, const settlement& settled) {
  const auto& entry = settled.entry;
  switch (settled.what) {
  case fate::delivered:
    return log_of(log_area::notify).debug("outbox: {} has {}", target, entry.sequence);
  case fate::again:
    return log_of(log_area::notify)
      .warn("outbox: {} did not take {} (attempt {}), again in {} ms: {}", target,
            entry.sequence, entry.attempts, settled.wait.count(), entry.last_error);
  case fate::dead:
    return log_of(log_area::notify)
      .error("outbox: {} will not take {}, set aside: {}", target, entry.sequence,
             entry.last_error);
  }
}

} // namespace

void courier_state::look() {
  if (auto failed = save()) {
    log_of(log_area::notify).warn("courier {}: {}", options.target, describe(failed));
    return look_in(store_retry);
  }
  const auto entry = store->outbox.next(options.target);
  if (!entry) {
    if (code_of(entry.error()) == ec::not_found)
      return look_in(look_without_news);
    log_of(log_area::notify)
      .error("courier {}: {}", options.target, describe(entry.error()));
    // What can't be read must not keep those behind it.
    const auto failed = code_of(entry.error()) == ec::corrupt_data
                          ? drop_unreadable_entries(*store)
                          : error{};
    return look_in(failed ? look_without_news : store_retry);
  }
  const auto wait = time_left(*entry, clock->now(), options.policy);
  wait > 0ms ? look_in(wait) : attempt(*entry);
}

void courier_state::attempt(const outbox_entry& entry) {
  const auto result = try_to_deliver(options, entry);
  unsaved = settle(entry, result, clock->now(), options.policy,
                   std::uniform_real_distribution{0.0, 1.0}(random));
  log_settled(options.target, *unsaved);
  const auto wait = unsaved->what == fate::again ? unsaved->wait : 0ms;
  if (auto failed = save()) {
    log_of(log_area::notify).warn("courier {}: {}", options.target, describe(failed));
    return look_in(store_retry);
  }
  look_in(wait); // by message, so that an exit gets in between
}

error courier_state::save() {
  if (!unsaved)
    return {};
  batch changes;
  if (auto failed = stage_settlement(store->outbox, changes, *unsaved))
    return failed;
  if (auto failed = store->db->write(std::move(changes)))
    return failed;
  unsaved.reset();
  return {};
}

void courier_state::look_in(std::chrono::milliseconds wait) {
  const auto due = (self->clock().now() + wait).time_since_epoch() / 1ns;
  if (timer && *timer <= due)
    return; // that one looks early enough, and sets the next
  timer = due;
  if (wait > 0ms)
    self->delayed_send(self, wait, look_at_outbox{due});
  else
    self->send(self, look_at_outbox{due});
}

courier_self::behavior_type courier(courier_self::stateful_pointer<courier_state> self,
                                    courier_options options,
                                    std::shared_ptr<home_store> store,
                                    std::shared_ptr<const wall_clock> clock) {
  install_failure_handlers(self);
  auto& state = self->state;
  state.random.seed(options.seed);
  state.options = std::move(options);
  state.store = std::move(store);
  state.clock = std::move(clock);
  state.look_in(0ms);
  return {
    [&state](outbox_changed) { state.look_in(0ms); },
    [&state](look_at_outbox msg) {
      if (state.timer != msg.due)
        return;
      state.timer.reset();
      state.look();
    },
  };
}

} // namespace habitd
