#include "actors/standards/access_service.hpp"

#include "actors/runtime/failure_handlers.hpp"
#include "actors/runtime/fault_point.hpp"
#include "actors/runtime/handler_result.hpp"
#include "messages/log_of.hpp"

#include <caf/sec.hpp>

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr auto ticket_wait = 2s;

} // namespace

freshness_rules access_service_state::rules_now() const {
  auto rules = options.rules;
  rules.enabled = rules.enabled && tally->on();
  return rules;
}

standard_use& access_service_state::use_of(const std::string& id) {
  const auto found = uses.find(id);
  if (found != uses.end())
    return found->second;
  const auto stored = store->standards.use(id);
  return uses[id] = stored ? *stored : standard_use{};
}

expected<standard_reading> access_service_state::look_up(const std::string& id) {
  auto document = store->standards.get(id);
  if (!document)
    return document.error();
  auto text = store->standard_versions.text(id, document->current);
  if (!text)
    return make_error(ec::corrupt_data, "text of " + id + ": " + describe(text.error()));
  standard_reading reading;
  reading.state = freshness_of(*document, rules_now(), clock->now());
  reading.document = std::move(*document);
  reading.text = std::move(*text);
  return reading;
}

void access_service_state::count(standard_reading& reading) {
  const auto& id = reading.document.id;
  auto& use = use_of(id);
  ++use.access_count;
  use.last_accessed = clock->now();
  reading.use = use;
  unstored.insert(id);
  tally->add_access(reading.state != freshness::fresh);
  if (++uncounted >= options.batch)
    return flush();
  if (!flush_is_due)
    self->delayed_send(self, options.longest_unstored, flush_accesses{});
  flush_is_due = true;
}

void access_service_state::flush() {
  if (unstored.empty())
    return;
  batch changes;
  for (const auto& id : unstored)
    store->standards.put_use(changes, id, uses.at(id));
  fault_point("standards.count");
  uncounted = 0; // also if it fails: the next batch has them too
  if (auto failed = store->db->write(std::move(changes)))
    return log_of(log_area::standards).warn("counts of readings: {}", describe(failed));
  unstored.clear();
}

caf::typed_response_promise<standard_reading>
access_service_state::read(const read_standard& msg) {
  auto promise = self->make_response_promise<standard_reading>();
  auto found = look_up(msg.id);
  if (!found) {
    promise.deliver(found.error());
    return promise;
  }
  count(*found);
  const bool wanted = msg.force || found->state == freshness::stale;
  if (msg.skip || !wanted) {
    promise.deliver(std::move(*found));
    return promise;
  }
  if (options.mode == refresh_mode::blocking) {
    self
      ->request(queue, options.blocking_wait,
                await_refresh{msg.id, msg.force, msg.correlation})
      .then(
        [this, promise, old = *found](const refresh_outcome& outcome) mutable {
          auto now = look_up(old.document.id);
          auto& reading = now ? *now : old;
          reading.use = old.use;
          reading.refreshed = outcome.fate == refresh_fate::updated ||
                              outcome.fate == refresh_fate::unchanged;
          reading.queued = outcome.fate == refresh_fate::failed;
          reading.problem = outcome.problem;
          promise.deliver(std::move(reading));
        },
        [promise, old = *found](const error& reason) mutable {
          old.problem = reason == caf::sec::request_timeout ? "the refresh takes longer"
                                                            : describe(reason);
          old.queued = reason == caf::sec::request_timeout;
          promise.deliver(std::move(old));
        });
    return promise;
  }
  // The queue decides at once, from memory or one record: readers may wait for its word.
  self
    ->request(
      queue, ticket_wait,
      queue_refresh{msg.id, msg.force ? "request" : "access", msg.force, msg.correlation})
    .then(
      [promise, old = *found](const refresh_ticket& ticket) mutable {
        old.queued = ticket.queued;
        promise.deliver(std::move(old));
      },
      [promise, old = *found](const error& reason) mutable {
        old.problem = describe(reason);
        promise.deliver(std::move(old));
      });
  return promise;
}

standard_status access_service_state::status_of(standard document) {
  const auto rules = rules_now();
  const auto now = clock->now();
  standard_status status;
  status.use = use_of(document.id);
  status.state = freshness_of(document, rules, now);
  status.age_seconds = age_of(document, now).count();
  status.threshold_days =
    static_cast<std::uint32_t>(threshold_of(document, rules).count());
  status.next_attempt = may_retry_at(document);
  status.document = std::move(document);
  return status;
}

expected<standard_status> access_service_state::status(const std::string& id) {
  auto document = store->standards.get(id);
  if (!document)
    return document.error();
  return status_of(std::move(*document));
}

expected<std::vector<standard_status>> access_service_state::list() {
  auto documents = store->standards.list();
  if (!documents)
    return documents.error();
  std::vector<standard_status> all;
  for (auto& document : *documents)
    all.push_back(status_of(std::move(document)));
  return all;
}

access_actor::behavior_type
access_service(access_actor::stateful_pointer<access_service_state> self,
               refresh_actor queue, std::shared_ptr<home_store> store,
               std::shared_ptr<const wall_clock> clock,
               std::shared_ptr<refresh_tally> tally, access_options options) {
  install_failure_handlers(self);
  auto& state = self->state;
  state.queue = std::move(queue);
  state.store = std::move(store);
  state.clock = std::move(clock);
  state.tally = std::move(tally);
  state.options = options;
  self->set_exit_handler([self](caf::exit_msg& msg) {
    self->state.flush();
    self->quit(msg.reason);
  });
  return {
    [&state](const read_standard& msg) { return state.read(msg); },
    [&state](const get_standard& msg) { return to_result(state.status(msg.id)); },
    [&state](list_standards) { return to_result(state.list()); },
    [&state](flush_accesses) {
      state.flush_is_due = false;
      state.flush();
    },
  };
}

} // namespace habitd
