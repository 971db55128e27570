#include "tools/habitd/watchdog.hpp"

#include "messages/log_of.hpp"
#include "tools/habitd/exit_code.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <cstdlib>

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 5s;

// Supervisors ask for signs of life every ten seconds; less would end what is well.
constexpr auto least_patience = 15s;

std::chrono::steady_clock::duration patience() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0)
    return 60s;
  return std::max<std::chrono::steady_clock::duration>(
    std::chrono::microseconds{microseconds}, least_patience);
}

} // namespace

bool standstill::excuses(time_point now) {
  if (last_look_ && now - *last_look_ > 2 * look_every_)
    excused_until_ = now + grace_;
  last_look_ = now;
  return excused_until_ && now < *excused_until_;
}

watchdog::watchdog(std::shared_ptr<const health_board> board,
                   std::function<bool()> store_is_closed)
    : board_{std::move(board)}, store_is_closed_{std::move(store_is_closed)},
      longest_{patience()}, thread_{[this] { watch(); }} {}

watchdog::~watchdog() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void watchdog::watch() {
  standstill paused{look_every, longest_};
  std::unique_lock lock{mutex_};
  while (!stop_.wait_for(lock, look_every, [this] { return stopping_; })) {
    if (store_is_closed_()) {
      log_of(log_area::supervision)
        .critical("the store can't be opened any more; this process ends, to be "
                  "started again");
      std::_Exit(exit_unavailable);
    }
    const auto now = std::chrono::steady_clock::now();
    const bool excused = paused.excuses(now);
    const auto silent = board_->silent(now, longest_);
    if (silent.empty() || excused) {
      sd_notify(0, "WATCHDOG=1");
      continue;
    }
    log_of(log_area::supervision)
      .critical("{} gave no sign of life for {} s; this process ends, to be started "
                "again",
                fmt::join(silent, ", "), longest_ / 1s);
    std::_Exit(exit_hung);
  }
}

stop_deadline::stop_deadline(std::chrono::milliseconds after)
    : thread_{[this, after] {
        std::unique_lock lock{mutex_};
        if (done_.wait_for(lock, after, [this] { return is_done_; }))
          return;
        log_of(log_area::supervision)
          .warn("a step did not end within {} ms; it is done again after the next "
                "start",
                after.count());
        std::_Exit(exit_ok);
      }} {}

stop_deadline::~stop_deadline() {
  {
    const std::lock_guard lock{mutex_};
    is_done_ = true;
  }
  done_.notify_all();
  thread_.join();
}

} // namespace habitd
