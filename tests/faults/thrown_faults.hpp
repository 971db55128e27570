#pragma once

#include "actors/runtime/fault_point.hpp"
#include "messages/time.hpp"

#include <memory>
#include <random>
#include <string_view>

namespace habitd::faults {

/// Throws in actors, at random: at fault points, and where they ask for the time. One object
/// at a time.
class thrown_faults {
public:
  explicit thrown_faults(std::uint64_t seed);
  ~thrown_faults();
  thrown_faults(const thrown_faults&) = delete;
  thrown_faults& operator=(const thrown_faults&) = delete;

  /// The share of passes that throw, from now on.
  void set_rate(double rate) { rate_ = rate; }

  /// One fault point throws each time from now on; none if it is empty.
  void break_point(std::string_view point) { broken_ = point; }
  std::uint64_t thrown() const { return thrown_; }

  /// A clock that may throw; must not outlive this object.
  std::shared_ptr<const wall_clock> fragile(std::shared_ptr<const wall_clock> clock);

private:
  void pass();
  [[noreturn]] void raise();

  std::mt19937_64 random_;
  double rate_ = 0;
  std::string_view broken_;
  std::uint64_t thrown_ = 0;
  fault_action at_point_ = [this](std::string_view point) {
    if (point == broken_)
      raise();
    pass();
  };
};

} // namespace habitd::faults
