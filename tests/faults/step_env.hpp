#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace habitd::faults {

/// An environment of RocksDB whose background work (flushes, compactions) runs only when the
/// thread that made it says so, or while that thread sleeps, as it does when it waits for
/// such work. Calls to the disk so come in the same order in every run.
class step_env final : public rocksdb::EnvWrapper {
public:
  explicit step_env(std::shared_ptr<rocksdb::FileSystem> files);
  ~step_env() override;

  /// Runs what is scheduled, and what that schedules, to its end.
  void run_background();

  void Schedule(void (*work)(void*), void* argument, Priority priority, void* tag,
                void (*unschedule)(void*)) override;
  int UnSchedule(void* tag, Priority priority) override;
  void IncBackgroundThreadsIfNeeded(int, Priority) override {}
  void SetBackgroundThreads(int, Priority) override {}

private:
  struct task {
    void (*work)(void*);
    void* argument;
    Priority priority;
    void* tag;
    void (*unschedule)(void*);
  };
  void work();
  bool maker_sleeps() const;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<task> tasks_;
  bool asked_ = false;   // by `run_background`
  bool working_ = false; // on a task
  bool stopping_ = false;
  std::string maker_state_; // its file in /proc
  std::thread worker_;      // last: it uses the others
};

} // namespace habitd::faults
