#pragma once

#include "actors/standards/refresh_decision.hpp"
#include "actors/standards/refresh_tally.hpp"
#include "messages/refresh.hpp"
#include "storage/home_store.hpp"

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace habitd {

/// What the queue sends itself: look for work again.
struct look_for_work {
  std::int64_t due = 0; // of the timer, in ns of the actor clock: a replaced one is stale
};

/// What the queue sends itself: an attempt should have ended by now.
struct attempt_overdue {
  std::string id{};
  std::uint64_t number = 0;
};

template <class Inspector>
auto inspect(Inspector& f, look_for_work& x) {
  return f(caf::meta::type_name("look_for_work"), x.due);
}
template <class Inspector>
auto inspect(Inspector& f, attempt_overdue& x) {
  return f(caf::meta::type_name("attempt_overdue"), x.id, x.number);
}

using refresh_self =
  refresh_actor::extend<caf::reacts_to<look_for_work>, caf::reacts_to<attempt_overdue>>;

struct refresh_options {
  freshness_rules rules{};
  retry_rules retries{};
  day_limits limits{};
  std::chrono::seconds overdue{600}; // beyond what any source may take by its own limits

  /// Called with each new version after it is stored; must not block.
  std::function<void(const standard&, const standard_version&)> on_update{};
};

/// An attempt under way.
struct running_attempt {
  std::uint64_t number = 0;
  std::size_t worker = 0;
  std::shared_ptr<std::stop_source> stop{};
  std::chrono::steady_clock::time_point begun{}; // of the actor clock
};

/// A document in the queue. Its record is the stored one: this actor alone changes it.
struct waiting_refresh {
  refresh_entry entry{};
  standard document{};
  std::uint32_t demand = 0;
  std::optional<running_attempt> running{};
  std::vector<caf::typed_response_promise<refresh_outcome>> askers{};
};

/// Takes the most urgent entry that is due whenever a worker is free. Every step is stored
/// before it shows: an attempt with what it takes of the day's allowance before it begins,
/// a version together with the end of its entry.
struct refresh_queue_state {
  static constexpr const char* name = "refresh-queue";
  explicit refresh_queue_state(refresh_self::pointer self) : self{self} {}

  error load();
  expected<refresh_ticket> add(const queue_refresh& request);
  caf::typed_response_promise<refresh_outcome> await(const await_refresh& request);
  expected<standard> change(const change_standard& request);
  expected<standard> go_back(const roll_back& request);
  expected<refresh_ticket> cancel(const std::string& id);
  expected<refresh_status> switch_all(bool on);
  refresh_status list() const;

  void look();
  void look_in(std::chrono::nanoseconds wait);
  waiting_refresh* most_urgent();
  bool begin(waiting_refresh& waiting, std::size_t worker);
  void ended(const std::string& id, std::uint64_t number, std::size_t worker,
             const fetched_text& result);
  void settle(waiting_refresh& waiting, const fetched_text& result);
  error store_text(waiting_refresh& waiting, const fetched_text& result,
                   refresh_outcome& outcome);
  error store_failure(waiting_refresh& waiting, const fetched_text& result,
                      const std::string& problem, bool& again);
  void conclude(const std::string& id, const refresh_outcome& outcome, bool keep);
  void stop();
  void remember(const standard& document);
  std::string held_up_by(const waiting_refresh& waiting) const;
  freshness_rules rules_now() const;

  refresh_self::pointer self;
  refresh_options options;
  std::shared_ptr<home_store> store;
  std::shared_ptr<const wall_clock> clock;
  std::shared_ptr<refresh_tally> tally;
  std::vector<provider_actor> workers;
  std::vector<bool> busy; // by worker
  std::map<std::string, waiting_refresh> waiting;
  day_spending spent;
  bool on = true;
  std::uint64_t last_number = 0;
  std::optional<std::int64_t> timer; // when the next look is due
};

/// @param workers  as many as may be at work at once.
refresh_self::behavior_type
refresh_queue(refresh_self::stateful_pointer<refresh_queue_state> self,
              std::vector<provider_actor> workers, std::shared_ptr<home_store> store,
              std::shared_ptr<const wall_clock> clock,
              std::shared_ptr<refresh_tally> tally, refresh_options options);

} // namespace habitd
