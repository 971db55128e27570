#include "tests/faults/thrown_faults.hpp"

#include <stdexcept>

namespace habitd::faults {

namespace {

struct fragile_clock final : wall_clock {
  std::shared_ptr<const wall_clock> clock;
  std::function<void()> before;
  wall_time now() const override {
    before();
    return clock->now();
  }
};

} // namespace

thrown_faults::thrown_faults(std::uint64_t seed) : random_{seed} {
  detail::planned_faults.store(&at_point_, std::memory_order_release);
}

thrown_faults::~thrown_faults() {
  detail::planned_faults.store(nullptr, std::memory_order_release);
}

void thrown_faults::pass() {
  if (rate_ == 0 || std::uniform_real_distribution<>{0, 1}(random_) >= rate_)
    return;
  raise();
}

void thrown_faults::raise() {
  ++thrown_;
  throw std::runtime_error("thrown on purpose");
}

std::shared_ptr<const wall_clock>
thrown_faults::fragile(std::shared_ptr<const wall_clock> clock) {
  auto made = std::make_shared<fragile_clock>();
  made->clock = std::move(clock);
  made->before = [this] { pass(); };
  return made;
}

} // namespace habitd::faults
