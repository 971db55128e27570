#pragma once

#include "actors/runtime/scheduler.hpp"
#include "tests/faults/disk.hpp"
#include "tests/faults/fickle_target.hpp"
#include "tests/faults/schedule_watch.hpp"
#include "tests/faults/step_env.hpp"
#include "tests/faults/thrown_faults.hpp"
#include "tests/faults/year_clock.hpp"
#include "tests/faults/year_home.hpp"

#include <memory>

namespace habitd::faults {

/// What is there whether habitd runs or not.
struct year_world {
  year_world(const year_home& home, std::uint64_t seed);

  const year_home& home;
  std::shared_ptr<disk> storage;
  std::shared_ptr<year_clock> clock;
  fickle_target target;
  thrown_faults thrown;
  schedule_watch watch;
};

/// The actors of the daemon, all of them, over a disk in memory and a clock that is told
/// what time it is; on this thread.
class year_process {
public:
  /// Opens the store; the actors start with the first `run`.
  static expected<std::unique_ptr<year_process>> open(year_world& world);

  /// Ends as a crash does, if the power is off: then nothing that an actor still does has
  /// an effect. Else as on SIGTERM.
  ~year_process();

  error begin();

  /// Handles messages, and what RocksDB has to do, until there are none or the power is off.
  void run();
  void pass(std::chrono::milliseconds time);

  /// Nothing while the scheduler is being restarted.
  std::optional<schedule_status> schedule();
  bool analysis_runs();

  /// Starts a job by hand; it may be refused.
  void trigger(const std::string& job);

  const home_store& store() const { return *store_; }

private:
  struct actors;
  year_process(year_world& world, std::shared_ptr<step_env> env,
               std::shared_ptr<home_store> store);

  year_world& world_;
  std::shared_ptr<step_env> env_;
  std::shared_ptr<home_store> store_;
  std::unique_ptr<actors> actors_;
};

} // namespace habitd::faults
