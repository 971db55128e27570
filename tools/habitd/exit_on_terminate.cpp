#include "tools/habitd/exit_on_terminate.hpp"

#include "actors/runtime/thrown_error.hpp"
#include "tools/habitd/exit_code.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace habitd {

namespace {

[[noreturn]] void say_why_and_end() {
  if (const auto thrown = std::current_exception()) {
    const auto reason = error_of(thrown);
    std::fprintf(stderr, "habitd: %s\n", describe(reason).c_str());
    if (code_of(reason) == ec::unavailable)
      std::_Exit(exit_unavailable);
  } else if (std::uncaught_exceptions() > 0) {
    // On its way from a failed start, an exception met threads that had started.
    std::fputs("habitd: unavailable: it can't start, most likely for want of memory or "
               "threads\n",
               stderr);
    std::_Exit(exit_unavailable);
  } else {
    std::fputs("habitd: unexpected: terminated\n", stderr);
  }
  std::abort();
}

} // namespace

void exit_on_terminate() {
  std::set_terminate(say_why_and_end);
}

} // namespace habitd
