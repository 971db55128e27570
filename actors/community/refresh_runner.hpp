#pragma once

#include "actors/community/refresh_alerts.hpp"
#include "messages/job_control.hpp"
#include "storage/home_store.hpp"

#include <caf/typed_response_promise.hpp>

#include <array>
#include <functional>
#include <memory>

namespace habitd {

/// After these a refresh that failed is run again.
inline constexpr std::array refresh_retries{
  std::chrono::minutes{1}, std::chrono::minutes{5}, std::chrono::minutes{15}};

/// What a runner sends itself.
struct run_again {};
template <class Inspector>
auto inspect(Inspector& f, run_again&) {
  return f(caf::meta::type_name("run_again"));
}
using refresh_runner_self = job_actor::extend<caf::reacts_to<run_again>>;

/// What a runner works with.
struct refresh_runner_parts {
  job_carrier_actor refresh;
  std::shared_ptr<home_store> store;
  std::shared_ptr<const wall_clock> clock;
  std::function<void(const alert_change&)> tell = {}; // must not block
};

struct refresh_runner_state {
  static constexpr const char* name = "refresh runner";
  explicit refresh_runner_state(refresh_runner_self::pointer self) : self{self} {}
  void run();
  void ended(const job_ended& how);
  void failed(const job_ended& how, const std::string& problem);
  void tell_outcome(const refresh_summary& run, std::size_t failed_in_a_row);

  refresh_runner_self::pointer self;
  refresh_runner_parts with;
  std::string trigger;
  wall_time begun{};
  std::size_t retries = 0; // so far
  bool is_running = false;
  caf::typed_response_promise<job_ended> answer;
};

/// Runs the refresh job to its end, a failed one three times more, and tells how it went.
refresh_runner_self::behavior_type
refresh_runner(refresh_runner_self::stateful_pointer<refresh_runner_state> self,
               refresh_runner_parts with);

} // namespace habitd
