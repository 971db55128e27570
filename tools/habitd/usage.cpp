#include "tools/habitd/usage.hpp"

#include <sys/resource.h>

namespace habitd {

void usage_meter::read(findings& into) const {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  into.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  into.peak_rss_bytes = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
  into.wall_seconds =
    std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
}

} // namespace habitd
