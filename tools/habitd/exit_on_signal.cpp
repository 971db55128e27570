#include "tools/habitd/exit_on_signal.hpp"

#include <csignal>
#include <pthread.h>
#include <unistd.h>

namespace habitd {

namespace {

constexpr int wake = SIGUSR2; // ends the waiter without ending the process

} // namespace

exit_on_signal::exit_on_signal(std::filesystem::path scratch)
    : waiter_{[scratch = std::move(scratch)] {
        sigset_t signals;
        sigemptyset(&signals);
        for (const int signal : {SIGINT, SIGTERM, wake})
          sigaddset(&signals, signal);
        pthread_sigmask(SIG_BLOCK, &signals, nullptr);
        int signal = 0;
        sigwait(&signals, &signal);
        if (signal == wake)
          return;
        std::error_code ignored;
        // The other threads work on, and may put a file there while it is emptied.
        for (int i = 0; i < 100 && !scratch.empty() && exists(scratch, ignored); ++i)
          std::filesystem::remove_all(scratch, ignored);
        _exit(128 + signal);
      }} {}

exit_on_signal::~exit_on_signal() {
  pthread_kill(waiter_.native_handle(), wake);
  waiter_.join();
}

} // namespace habitd
