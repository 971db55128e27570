#include "actors/standards/refresh_queue.hpp"

#include "actors/runtime/failure_handlers.hpp"
#include "actors/runtime/fault_point.hpp"
#include "actors/runtime/handler_result.hpp"
#include "actors/standards/take_text.hpp"
#include "messages/log_of.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr auto look_without_news = 60s;
constexpr auto store_retry = 10s;
constexpr auto least_wait = 10ms; // wall clock and actor clock may round apart

void warn(std::string_view doing, const error& reason) {
  log_of(log_area::standards).warn("{}: {}", doing, describe(reason));
}

} // namespace

freshness_rules refresh_queue_state::rules_now() const {
  auto rules = options.rules;
  rules.enabled = rules.enabled && on;
  return rules;
}

error refresh_queue_state::load() {
  batch drop;
  const auto entries = store->refresh_queue.list(drop);
  const auto is_on = store->refresh_queue.is_on();
  const auto spending = store->refresh_queue.spending();
  for (const auto& failed :
       {entries ? error{} : entries.error(), is_on ? error{} : is_on.error(),
        spending ? error{} : spending.error()})
    if (failed)
      return failed;
  on = *is_on;
  tally->set_on(on && options.rules.enabled);
  spent = *spending;
  for (const auto& entry : *entries) {
    auto document = store->standards.get(entry.id);
    if (document)
      waiting[entry.id] = {entry, std::move(*document), 0, {}, {}};
    else
      store->refresh_queue.erase(drop, entry.id);
  }
  return store->db->write(std::move(drop));
}

expected<refresh_ticket> refresh_queue_state::add(const queue_refresh& request) {
  if (const auto found = waiting.find(request.id); found != waiting.end()) {
    ++found->second.demand;
    auto& entry = found->second.entry;
    if (request.force && !entry.force) {
      entry.force = true; // stored with its next attempt
      look_in(0ns);
    }
    return refresh_ticket{true, true};
  }
  auto document = store->standards.get(request.id);
  if (!document)
    return document.error();
  const auto now = clock->now();
  const auto rules = rules_now();
  if (request.force && !has_source(*document, rules))
    return make_error(ec::invalid_input,
                      request.id + " has no source that it could be refreshed from");
  if (request.force && !rules.enabled)
    return make_error(ec::busy, "refreshes are switched off");
  if (!request.force && freshness_of(*document, rules, now) != freshness::stale)
    return refresh_ticket{};
  refresh_entry entry;
  entry.id = request.id;
  entry.trigger = request.trigger;
  entry.force = request.force;
  entry.queued = now;
  entry.correlation = request.correlation;
  batch changes;
  store->refresh_queue.put(changes, entry);
  if (auto failed = store->db->write(std::move(changes)))
    return failed;
  fault_point("standards.queue");
  waiting[request.id] = {std::move(entry), std::move(*document), 1, {}, {}};
  look_in(0ns);
  return refresh_ticket{true, false};
}

caf::typed_response_promise<refresh_outcome>
refresh_queue_state::await(const await_refresh& request) {
  auto promise = self->make_response_promise<refresh_outcome>();
  const auto ticket = add({request.id, "access", request.force, request.correlation});
  if (!ticket)
    promise.deliver(ticket.error());
  else if (!ticket->queued)
    promise.deliver(refresh_outcome{refresh_fate::needless, "it is fresh"});
  else
    waiting.at(request.id).askers.push_back(promise);
  return promise;
}

expected<standard> refresh_queue_state::change(const change_standard& request) {
  if (request.freshness_threshold_days > 3650 || request.freshness_threshold_days < -1)
    return make_error(ec::invalid_input,
                      "freshness_threshold_days takes 0 to 3650 days; 0 = as all");
  auto document = store->standards.get(request.id);
  if (!document)
    return document;
  if (request.auto_update_enabled >= 0)
    document->auto_update_enabled = request.auto_update_enabled != 0;
  if (request.freshness_threshold_days >= 0)
    document->freshness_threshold_days =
      static_cast<std::uint32_t>(request.freshness_threshold_days);
  batch changes;
  store->standards.put(changes, *document);
  if (auto failed = store->db->write(std::move(changes)))
    return failed;
  remember(*document);
  look_in(0ns);
  return document;
}

expected<standard> refresh_queue_state::go_back(const roll_back& request) {
  auto document = store->standards.get(request.id);
  if (!document)
    return document;
  const auto versions = store->standard_versions.list(request.id);
  if (!versions)
    return versions.error();
  const auto wanted =
    std::find_if(versions->rbegin(), versions->rend(), [&](const standard_version& one) {
      return request.version.empty() ? one.sequence < document->current
                                     : one.version == request.version;
    });
  if (wanted == versions->rend())
    return make_error(ec::not_found, request.version.empty()
                                       ? request.id + " has no earlier version"
                                       : request.id + " has no version " +
                                           request.version.substr(0, 40));
  if (wanted->sequence == document->current)
    return make_error(ec::invalid_input,
                      "version " + wanted->version + " is the current one");
  if (const auto text = store->standard_versions.text(request.id, wanted->sequence);
      !text)
    return text.error();
  document->current = wanted->sequence;
  document->version = wanted->version;
  document->content_hash = wanted->content_hash;
  document->last_updated = clock->now(); // somebody has just looked at it
  batch changes;
  store->standards.put(changes, *document);
  if (auto failed = store->db->write(std::move(changes)))
    return failed;
  remember(*document);
  return document;
}

expected<refresh_ticket> refresh_queue_state::cancel(const std::string& id) {
  const auto found = waiting.find(id);
  if (found == waiting.end())
    return make_error(ec::not_found, "no refresh of " + id + " is waiting");
  batch changes;
  store->refresh_queue.erase(changes, id);
  if (auto failed = store->db->write(std::move(changes)))
    return failed;
  if (found->second.running)
    found->second.running->stop->request_stop();
  conclude(id, {refresh_fate::needless, "it was cancelled"}, false);
  return refresh_ticket{false, true};
}

expected<refresh_status> refresh_queue_state::switch_all(bool to) {
  if (to && !options.rules.enabled)
    return make_error(ec::busy, "the configuration switches refreshes off");
  batch changes;
  store->refresh_queue.put_on(changes, to);
  if (auto failed = store->db->write(std::move(changes)))
    return failed;
  on = to;
  tally->set_on(on && options.rules.enabled);
  log_of(log_area::standards).info("refreshes are switched {}", on ? "on" : "off");
  look_in(0ns);
  return list();
}

void refresh_queue_state::remember(const standard& document) {
  if (const auto found = waiting.find(document.id); found != waiting.end())
    found->second.document = document;
}

std::string refresh_queue_state::held_up_by(const waiting_refresh& one) const {
  const auto now = clock->now();
  if (one.running)
    return {};
  if (!rules_now().enabled)
    return "the switch of all refreshes";
  if (now < one.entry.next_attempt)
    return "its next attempt";
  if (!fits(spending_on(spent, now), options.limits, one.document.source == "research"))
    return "the allowance of the next day";
  return "a free worker";
}

refresh_status refresh_queue_state::list() const {
  refresh_status status;
  status.enabled = rules_now().enabled;
  const auto now = clock->now();
  for (const auto& [id, one] : waiting)
    status.entries.push_back(
      {one.entry, one.running.has_value(), one.demand,
       urgency_of(one.document, one.entry, one.demand, options.rules, now),
       held_up_by(one)});
  std::stable_sort(
    status.entries.begin(), status.entries.end(),
    [](const refresh_listing& a, const refresh_listing& b) {
      return std::pair{a.running, a.urgency} > std::pair{b.running, b.urgency};
    });
  return status;
}

waiting_refresh* refresh_queue_state::most_urgent() {
  const auto now = clock->now();
  const auto today = spending_on(spent, now);
  waiting_refresh* first = nullptr;
  double most = -1;
  for (auto& [id, one] : waiting) {
    if (one.running || now < one.entry.next_attempt ||
        !fits(today, options.limits, one.document.source == "research"))
      continue;
    const auto urgency =
      urgency_of(one.document, one.entry, one.demand, options.rules, now);
    if (urgency > most)
      first = &one, most = urgency;
  }
  return first;
}

void refresh_queue_state::look() {
  if (!rules_now().enabled)
    return; // the switch looks again when it is turned
  for (std::size_t worker = 0; worker < workers.size(); ++worker) {
    if (busy[worker])
      continue;
    auto* next = most_urgent();
    if (!next)
      break;
    if (!begin(*next, worker))
      return look_in(store_retry);
  }
  if (waiting.empty())
    return;
  std::chrono::nanoseconds wait = look_without_news;
  const auto now = clock->now();
  for (const auto& [id, one] : waiting)
    if (!one.running && one.entry.next_attempt > now)
      wait = std::min<std::chrono::nanoseconds>(
        wait,
        std::max<std::chrono::nanoseconds>(one.entry.next_attempt - now, least_wait));
  look_in(wait);
}

void refresh_queue_state::look_in(std::chrono::nanoseconds wait) {
  const auto due = (self->clock().now() + wait).time_since_epoch() / 1ns;
  if (timer && *timer <= due)
    return; // that one looks early enough, and sets the next
  timer = due;
  if (wait > 0ns)
    self->delayed_send(self, wait, look_for_work{due});
  else
    self->send(self, look_for_work{due});
}

bool refresh_queue_state::begin(waiting_refresh& one, std::size_t worker) {
  auto entry = one.entry;
  ++entry.attempts;
  auto today = spending_on(spent, clock->now());
  ++today.calls;
  batch changes;
  store->refresh_queue.put(changes, entry);
  store->refresh_queue.put(changes, today);
  if (auto failed = store->db->write(std::move(changes))) {
    warn("refresh queue", failed);
    return false;
  }
  fault_point("standards.begin");
  one.entry = std::move(entry);
  spent = today;
  const auto number = ++last_number;
  one.running = {number, worker, std::make_shared<std::stop_source>(),
                 self->clock().now()};
  busy[worker] = true;
  const auto text = store->standard_versions.text(one.document.id, one.document.current);
  const auto& id = one.document.id;
  self->delayed_send(self, options.overdue, attempt_overdue{id, number});
  self
    ->request(workers[worker], caf::infinite,
              fetch_task{one.document, text ? *text : std::string{}, one.running->stop})
    .then([=, this](const fetched_text& result) { ended(id, number, worker, result); },
          [=, this](const error& reason) {
            fetched_text failed;
            failed.problem = describe(reason);
            ended(id, number, worker, failed);
          });
  return true;
}

void refresh_queue_state::ended(const std::string& id, std::uint64_t number,
                                std::size_t worker, const fetched_text& result) {
  busy[worker] = false;
  look_in(0ns);
  const auto found = waiting.find(id);
  if (found == waiting.end() || !found->second.running ||
      found->second.running->number != number)
    return; // it was cancelled, or given up for overdue
  settle(found->second, result);
}

/// Stores what an attempt brought, and tells who waits for it.
void refresh_queue_state::settle(waiting_refresh& one, const fetched_text& result) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
    self->clock().now() - one.running->begun);
  one.running.reset();
  spent = spending_on(spent, clock->now());
  spent.tokens += result.tokens;
  refresh_outcome outcome;
  outcome.problem = result.problem;
  error failed;
  if (result.what == fetched_text::kind::failed)
    outcome.fate = refresh_fate::failed;
  else
    failed = store_text(one, result, outcome);
  bool again = false;
  if (!failed && outcome.fate == refresh_fate::failed)
    failed = store_failure(one, result, outcome.problem, again);
  if (failed) { // what was fetched is lost: the disk did not take it
    warn("refresh of " + one.entry.id, failed);
    one.entry.next_attempt = clock->now() + store_retry;
    outcome = {refresh_fate::failed, describe(failed)};
    again = true;
  }
  tally->add_attempt(outcome.fate != refresh_fate::failed, took);
  conclude(one.entry.id, outcome, again);
}

error refresh_queue_state::store_text(waiting_refresh& one, const fetched_text& result,
                                      refresh_outcome& outcome) {
  const auto now = clock->now();
  auto document = one.document;
  text_verdict verdict;
  batch changes;
  if (result.what == fetched_text::kind::text) {
    const auto versions = store->standard_versions.list(document.id);
    if (!versions)
      return versions.error();
    const auto current = store->standard_versions.text(document.id, document.current);
    verdict = judge_text(document, *versions, current ? *current : "", result, now);
    if (verdict.what == text_verdict::kind::refused) {
      outcome = {refresh_fate::failed, "not taken: " + verdict.problem};
      return {};
    }
    if (verdict.what == text_verdict::kind::taken)
      stage_version(*store, changes, document, *versions, verdict.version, result.text);
  }
  if (result.what == fetched_text::kind::text || !result.etag.empty())
    document.etag = result.etag;
  if (result.what == fetched_text::kind::text || !result.last_modified.empty())
    document.last_modified = result.last_modified;
  const bool updated = verdict.what == text_verdict::kind::taken;
  outcome = {updated ? refresh_fate::updated : refresh_fate::unchanged, {}};
  document.last_attempt = document.last_success = now;
  document.failures = 0;
  document.last_error.clear();
  store->standards.put(changes, document);
  store->refresh_queue.erase(changes, document.id);
  store->refresh_queue.put(changes, spent);
  fault_point("standards.store");
  if (auto failed = store->db->write(std::move(changes)))
    return failed;
  fault_point("standards.stored");
  one.document = document;
  if (updated) {
    tally->add_update();
    log_of(log_area::standards)
      .info("{} has version {} from {}", document.id, document.version, result.origin);
    if (options.on_update)
      options.on_update(document, verdict.version);
  }
  return {};
}

error refresh_queue_state::store_failure(waiting_refresh& one, const fetched_text& result,
                                         const std::string& problem, bool& again) {
  const auto now = clock->now();
  const auto wait = wait_after_failure(one.entry.attempts, options.retries,
                                       std::chrono::seconds{result.wait_seconds});
  auto entry = one.entry;
  auto document = one.document;
  document.last_attempt = now;
  document.last_error = entry.last_error = problem;
  batch changes;
  if (wait) {
    entry.next_attempt = now + *wait;
    store->refresh_queue.put(changes, entry);
  } else {
    ++document.failures;
    store->refresh_queue.erase(changes, entry.id);
  }
  store->standards.put(changes, document);
  store->refresh_queue.put(changes, spent);
  if (auto failed = store->db->write(std::move(changes)))
    return failed;
  fault_point("standards.failed");
  again = wait.has_value();
  one.entry = std::move(entry);
  one.document = std::move(document);
  if (again)
    log_of(log_area::standards)
      .warn("refresh of {} failed (attempt {}), again in {} s: {}", one.entry.id,
            one.entry.attempts, wait->count(), problem);
  else
    log_of(log_area::standards)
      .error("refresh of {} given up after {} attempts: {}", one.entry.id,
             one.entry.attempts, problem);
  if (!again)
    tally->add_given_up();
  return {};
}

/// Tells who waits, and forgets the entry unless it is tried again.
void refresh_queue_state::conclude(const std::string& id, const refresh_outcome& outcome,
                                   bool keep) {
  const auto found = waiting.find(id);
  auto askers = std::move(found->second.askers);
  found->second.askers.clear();
  if (!keep)
    waiting.erase(found);
  for (auto& asker : askers)
    asker.deliver(outcome);
}

/// Breaks off what is under way; attempts that were not to blame are not counted.
void refresh_queue_state::stop() {
  batch changes;
  for (auto& [id, one] : waiting)
    if (one.running) {
      one.running->stop->request_stop();
      --one.entry.attempts;
      store->refresh_queue.put(changes, one.entry);
    }
  if (auto failed = store->db->write(std::move(changes)))
    warn("refresh queue", failed);
}

refresh_self::behavior_type
refresh_queue(refresh_self::stateful_pointer<refresh_queue_state> self,
              std::vector<provider_actor> workers, std::shared_ptr<home_store> store,
              std::shared_ptr<const wall_clock> clock,
              std::shared_ptr<refresh_tally> tally, refresh_options options) {
  install_failure_handlers(self);
  auto& state = self->state;
  state.busy.assign(workers.size(), false);
  state.workers = std::move(workers);
  state.store = std::move(store);
  state.clock = std::move(clock);
  state.tally = std::move(tally);
  state.options = std::move(options);
  if (auto failed = state.load()) {
    self->quit(failed); // its supervisor tries again
    return refresh_self::behavior_type::make_empty_behavior();
  }
  self->set_exit_handler([self](caf::exit_msg& msg) {
    self->state.stop();
    self->quit(msg.reason);
  });
  state.look_in(0ns);
  return {
    [&state](const queue_refresh& msg) { return to_result(state.add(msg)); },
    [&state](const await_refresh& msg) { return state.await(msg); },
    [&state](const change_standard& msg) { return to_result(state.change(msg)); },
    [&state](const roll_back& msg) { return to_result(state.go_back(msg)); },
    [&state](const cancel_refresh& msg) { return to_result(state.cancel(msg.id)); },
    [&state](list_refreshes) { return state.list(); },
    [&state](switch_refreshes msg) { return to_result(state.switch_all(msg.on)); },
    [&state](look_for_work msg) {
      if (state.timer != msg.due)
        return;
      state.timer.reset();
      state.look();
    },
    [&state](const attempt_overdue& msg) {
      const auto found = state.waiting.find(msg.id);
      if (found == state.waiting.end() || !found->second.running ||
          found->second.running->number != msg.number)
        return;
      found->second.running->stop->request_stop();
      fetched_text late; // its worker stays busy until it comes back
      late.problem = fmt::format("no answer within {} s", state.options.overdue.count());
      state.settle(found->second, late);
      state.look_in(0ns);
    },
  };
}

} // namespace habitd
