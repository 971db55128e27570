#include "tests/faults/step_env.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace habitd::faults {

step_env::step_env(std::shared_ptr<rocksdb::FileSystem> files)
    : EnvWrapper{rocksdb::NewCompositeEnv(files)}, maker_state_{"/proc/self/task/" +
                                                                std::to_string(gettid()) +
                                                                "/stat"} {
  file_system_ = std::move(files);
  worker_ = std::thread{[this] { work(); }};
}

step_env::~step_env() {
  {
    const std::scoped_lock lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  worker_.join();
}

void step_env::run_background() {
  std::unique_lock lock{mutex_};
  if (tasks_.empty() && !working_)
    return;
  asked_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return tasks_.empty() && !working_; });
  asked_ = false;
}

void step_env::Schedule(void (*work)(void*), void* argument, Priority priority, void* tag,
                        void (*unschedule)(void*)) {
  const std::scoped_lock lock{mutex_};
  tasks_.push_back({work, argument, priority, tag, unschedule});
  changed_.notify_all();
}

int step_env::UnSchedule(void* tag, Priority priority) {
  std::vector<task> taken;
  {
    const std::scoped_lock lock{mutex_};
    const auto matches = [&](const task& t) {
      return t.tag == tag && t.priority == priority;
    };
    std::copy_if(tasks_.begin(), tasks_.end(), std::back_inserter(taken), matches);
    std::erase_if(tasks_, matches);
  }
  for (const auto& t : taken)
    if (t.unschedule)
      t.unschedule(t.argument);
  return static_cast<int>(taken.size());
}

/// "1234 (name) S …"
bool step_env::maker_sleeps() const {
  std::ifstream file{maker_state_};
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  return name_end != std::string::npos && line.substr(name_end + 2, 1) == "S";
}

void step_env::work() {
  using namespace std::chrono_literals;
  std::unique_lock lock{mutex_};
  for (int asleep = 0;;) {
    if (stopping_)
      return;
    if (tasks_.empty()) {
      changed_.wait(lock);
      continue;
    }
    if (!asked_) { // seen asleep twice, it is not just between two steps
      asleep = maker_sleeps() ? asleep + 1 : 0;
      if (asleep < 2) {
        changed_.wait_for(lock, 100us);
        continue;
      }
    }
    const auto next = tasks_.front();
    tasks_.pop_front();
    working_ = true;
    lock.unlock();
    next.work(next.argument);
    lock.lock();
    working_ = false;
    changed_.notify_all();
  }
}

} // namespace habitd::faults
