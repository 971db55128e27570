#include "tools/habitd/serve.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/system_messages.hpp>

#include <pthread.h>
#include <thread>

namespace habitd {

namespace {

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  sigaddset(&signals, SIGUSR2); // how `exit_on_signal` wakes its thread
  return signals;
}

} // namespace

void block_stop_signals() {
  const auto signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

stop_reason wait_for_stop(caf::actor_system& system,
                          const std::vector<caf::actor>& supervisors,
                          const std::function<void()>& on_reload) {
  caf::scoped_actor self{system};
  for (const auto& supervisor : supervisors)
    self->monitor(supervisor);
  std::thread waiter{[to = caf::actor_cast<caf::actor>(self)] {
    const auto signals = stop_signals();
    int signal = SIGHUP;
    while (signal == SIGHUP) {
      sigwait(&signals, &signal);
      caf::anon_send(to, signal);
    }
  }};
  stop_reason reason;
  for (bool stopping = false; !stopping;)
    self->receive(
      [&](int signal) {
        if (signal == SIGHUP)
          return on_reload();
        reason.signal = signal;
        stopping = true;
      },
      [&](const caf::down_msg& down) {
        reason.gave_up = down.reason;
        stopping = true;
        pthread_kill(waiter.native_handle(), SIGTERM); // wakes the waiter
      });
  waiter.join();
  for (const auto& supervisor : supervisors)
    self->demonitor(supervisor.address());
  return reason;
}

} // namespace habitd
