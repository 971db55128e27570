#pragma once

#include "actors/runtime/fault_point.hpp"
#include "messages/time.hpp"

#include <memory>
#include <random>

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
  std::uint64_t thrown() const { return thrown_; }

  /// A clock that may throw; must not outlive this object.
  std::shared_ptr<const wall_clock> fragile(std::shared_ptr<const wall_clock> clock);

private:
  void pass();

  std::mt19937_64 random_;
  double rate_ = 0;
  std::uint64_t thrown_ = 0;
  fault_action at_point_ = [this](std::string_view) { pass(); };
};

} // namespace habitd::faults
