#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace habitd {

/// What happened since this process began.
struct refresh_counts {
  std::uint64_t accesses = 0;
  std::uint64_t stale_found = 0; // readings of a stale document
  std::uint64_t attempts = 0;    // that ended
  std::uint64_t successes = 0;   // of them; also if the source had nothing new
  std::uint64_t failures = 0;
  std::uint64_t updates = 0;         // new versions
  std::uint64_t given_up = 0;        // refreshes whose attempts all failed
  std::chrono::milliseconds busy{0}; // all attempts together

  double success_rate() const {
    return attempts == 0 ? 0
                         : static_cast<double>(successes) / static_cast<double>(attempts);
  }
  double mean_seconds() const {
    return attempts == 0 ? 0
                         : std::chrono::duration<double>{busy}.count() /
                             static_cast<double>(attempts);
  }
};

/// Where the actors of this room count, for metrics, and where the switch stands.
/// Thread-safe, and read without asking an actor.
class refresh_tally {
public:
  void add_access(bool stale) {
    const std::lock_guard lock{mutex_};
    ++counts_.accesses;
    counts_.stale_found += stale ? 1 : 0;
  }
  void add_attempt(bool succeeded, std::chrono::milliseconds took) {
    const std::lock_guard lock{mutex_};
    ++counts_.attempts;
    ++(succeeded ? counts_.successes : counts_.failures);
    counts_.busy += took;
  }
  void add_update() {
    const std::lock_guard lock{mutex_};
    ++counts_.updates;
  }
  void add_given_up() {
    const std::lock_guard lock{mutex_};
    ++counts_.given_up;
  }
  refresh_counts counts() const {
    const std::lock_guard lock{mutex_};
    return counts_;
  }

  bool on() const { return on_; }
  void set_on(bool on) { on_ = on; }

private:
  mutable std::mutex mutex_;
  refresh_counts counts_;
  std::atomic<bool> on_{true};
};

} // namespace habitd
