#pragma once

#include "messages/schedule.hpp"
#include "storage/home_store.hpp"

#include <memory>
#include <random>
#include <string>

namespace habitd::faults {

/// What a stand-in of a job sends itself when its work is over.
struct end_of_work {};

template <class Inspector>
auto inspect(Inspector& f, end_of_work&) {
  return f(caf::meta::type_name("end_of_work"));
}

/// A job without a worker yet: how long it takes, and how often it fails.
struct stand_in {
  std::string kind{};
  std::chrono::seconds shortest{60};
  std::chrono::seconds longest{600};
  double fails = 0.1; // a share
};

using stand_in_self = job_actor::extend<caf::reacts_to<end_of_work>>;

struct stand_in_state {
  static constexpr const char* name = "stand-in";
  explicit stand_in_state(stand_in_self::pointer self) : self{self} {}
  ~stand_in_state();

  error begin(const std::string& trigger);
  void end();
  error save();

  stand_in_self::pointer self;
  stand_in what;
  std::shared_ptr<home_store> store;
  std::shared_ptr<const wall_clock> clock;
  std::minstd_rand random;
  job_record job;
  caf::typed_response_promise<job_ended> runner;
};

/// Writes a job record, lets time pass, and writes how it ended; a record that a crash cut
/// off is closed at the next start.
stand_in_self::behavior_type
stand_in_job(stand_in_self::stateful_pointer<stand_in_state> self, stand_in what,
             std::shared_ptr<home_store> store, std::shared_ptr<const wall_clock> clock,
             std::uint_fast32_t seed);

} // namespace habitd::faults
