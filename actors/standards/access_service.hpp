#pragma once

#include "actors/standards/freshness.hpp"
#include "actors/standards/refresh_tally.hpp"
#include "messages/refresh.hpp"
#include "storage/home_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>

namespace habitd {

struct access_options {
  freshness_rules rules{};
  refresh_mode mode = refresh_mode::background;
  std::chrono::seconds blocking_wait{60}; // for a refresh, at most
  std::size_t batch = 100; // readings whose counts are stored together, at most
  std::chrono::seconds longest_unstored{5};
};

/// Answers readers from the store, counts them, and asks for refreshes. Counts are stored in
/// batches: a crash costs the last one at most, an orderly stop none.
struct access_service_state {
  static constexpr const char* name = "access-service";
  explicit access_service_state(access_actor::pointer self) : self{self} {}

  caf::typed_response_promise<standard_reading> read(const read_standard& msg);
  expected<standard_reading> look_up(const std::string& id);
  expected<standard_status> status(const std::string& id);
  expected<std::vector<standard_status>> list();
  standard_status status_of(standard document);
  standard_use& use_of(const std::string& id);
  void count(standard_reading& reading);
  void flush();
  freshness_rules rules_now() const;

  access_actor::pointer self;
  access_options options;
  std::shared_ptr<home_store> store;
  std::shared_ptr<const wall_clock> clock;
  std::shared_ptr<refresh_tally> tally;
  refresh_actor queue;
  std::map<std::string, standard_use> uses; // this actor alone writes them
  std::set<std::string> unstored;
  std::size_t uncounted = 0; // readings since the last batch
  bool flush_is_due = false;
};

access_actor::behavior_type
access_service(access_actor::stateful_pointer<access_service_state> self,
               refresh_actor queue, std::shared_ptr<home_store> store,
               std::shared_ptr<const wall_clock> clock,
               std::shared_ptr<refresh_tally> tally, access_options options);

} // namespace habitd
