#pragma once

#include "messages/time.hpp"

namespace habitd {

/// The machine's clock; made by `main` alone.
class system_wall_clock final : public wall_clock {
public:
  wall_time now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(
      std::chrono::system_clock::now());
  }
};

} // namespace habitd
