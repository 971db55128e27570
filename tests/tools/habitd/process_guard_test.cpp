#include "tools/habitd/process_guard.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace habitd;

namespace {

/// What `work` returns in a guarded process of its own; -1 if a signal ended that.
int guarded(const std::function<int()>& work) {
  const auto child = fork();
  if (child == 0) {
    guard_process();
    _exit(work());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

TEST_CASE("a guarded process outlives the reader of its output") {
  const auto code = guarded([] {
    int ends[2];
    if (pipe(ends) != 0)
      return 2;
    close(ends[0]);
    return write(ends[1], "x", 1) == -1 && errno == EPIPE ? 0 : 1;
  });

  CHECK(code == 0);
}

TEST_CASE("a guarded process outlives a file that may not grow") {
  const auto code = guarded([] {
    const rlimit small{1, 1};
    setrlimit(RLIMIT_FSIZE, &small);
    char name[] = "/tmp/habitd-guard-XXXXXX";
    const int file = mkstemp(name);
    unlink(name);
    const bool first = write(file, "x", 1) == 1;
    return first && write(file, "x", 1) == -1 && errno == EFBIG ? 0 : 1;
  });

  CHECK(code == 0);
}

TEST_CASE("a guarded process keeps its files and its memory to itself") {
  const auto code = guarded([] {
    rlimit core{1, 1};
    getrlimit(RLIMIT_CORE, &core);
    const bool no_dump = core.rlim_cur == 0 && prctl(PR_GET_DUMPABLE) == 0;
    return no_dump && umask(0) == (S_IRWXG | S_IRWXO) ? 0 : 1;
  });

  CHECK(code == 0);
}
