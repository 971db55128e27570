#pragma once

#include "messages/job.hpp"
#include "tests/faults/small_home.hpp"
#include "tests/faults/step_env.hpp"

#include <memory>

namespace habitd {
struct job_status;
}

namespace habitd::faults {

class disk;

/// habitd over a disk in memory, from its start to its end: the real store and the real
/// actors, one message at a time, on this thread.
class process {
public:
  /// Opens the store and closes the records of jobs that were cut off, as the daemon does.
  static expected<std::unique_ptr<process>>
  start(const small_home& home, std::shared_ptr<disk> on, wall_time now);

  /// Ends as a crash does: no actor is asked.
  ~process();

  /// Starts an analysis of what the home's n-th job finds.
  error begin(std::size_t job);

  /// Handles one message, and what RocksDB has to do in the background.
  /// @returns  false if there is none.
  bool step();
  void pass(std::chrono::seconds time);

  /// Steps, and lets time pass, until the analysis has ended or the power is off.
  void finish();

  bool is_running();
  job_record last_job(); // the running one, or the one that ended last
  const home_store& store() const { return *store_; }

private:
  struct actors;
  job_status status();
  process(const small_home& home, std::shared_ptr<disk> on, wall_time now,
          std::shared_ptr<step_env> env, std::shared_ptr<home_store> store);

  const small_home& home_;
  std::shared_ptr<disk> disk_;
  std::shared_ptr<step_env> env_;
  std::shared_ptr<home_store> store_;
  std::unique_ptr<actors> actors_;
  std::size_t job_ = 0;
};

} // namespace habitd::faults
