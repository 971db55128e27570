#pragma once

#include "actors/job/job_carrier.hpp"
#include "storage/records.hpp"
#include "tests/actor_fixture.hpp"
#include "tests/storage/scratch_directory.hpp"

namespace habitd {

struct toy_clock final : wall_clock {
  wall_time time{std::chrono::milliseconds{1'790'000'000'000}};
  wall_time now() const override { return time; }
};

/// A kind of job that builds toys: it cuts five parts, and paints them.
struct toy_shop {
  std::vector<int> cut, painted;
  std::vector<int> broken; // parts that can't be cut
  int fail_paint = 0;      // so often
  bool hangs = false;      // a step of painting is never answered
  std::vector<step_report> unanswered;
  std::vector<std::string> crashed; // ids
  std::string seen_bookmark;
};

job_kind toy_kind(const std::shared_ptr<toy_shop>& shop);

/// A carrier of toy jobs on the test scheduler, over a store of its own.
struct job_fixture : actor_fixture {
  job_fixture();
  ~job_fixture();

  void begin_anew(caf::exit_reason why);
  std::vector<job_record> jobs() const;
  job_record last() const { return jobs().back(); }
  job_status status() { return *ask<job_status>(carrier, get_job_status{}); }

  scratch_directory scratch;
  std::shared_ptr<home_store> store;
  std::shared_ptr<toy_clock> clock = std::make_shared<toy_clock>();
  std::shared_ptr<toy_shop> shop = std::make_shared<toy_shop>();
  job_options options;
  job_carrier_actor carrier;

private:
  job_carrier_actor start();
};

} // namespace habitd
