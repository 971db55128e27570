#pragma once

#include "tools/habitd/findings.hpp"

#include <chrono>

namespace habitd {

/// What this process used since the meter was made: wall time, CPU time, peak memory.
class usage_meter {
public:
  void read(findings& into) const;

private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

} // namespace habitd
