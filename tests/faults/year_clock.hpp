#pragma once

#include "messages/time.hpp"

namespace habitd::faults {

/// What time it is, and what a machine's clock shows.
class year_clock final : public wall_clock {
public:
  explicit year_clock(wall_time begins) : true_{begins} {}

  wall_time now() const override { return true_ + off_; } // as shown
  wall_time true_now() const { return true_; }
  bool is_right() const { return off_ == std::chrono::milliseconds{0}; }

  void pass(std::chrono::milliseconds time) { true_ += time; }
  void step(std::chrono::milliseconds by) { off_ += by; }
  void show(wall_time time) { off_ = time - true_; }
  void synchronise() { off_ = {}; }

private:
  wall_time true_;
  std::chrono::milliseconds off_{0};
};

} // namespace habitd::faults
