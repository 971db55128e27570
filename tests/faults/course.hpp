#pragma once

#include "tests/faults/content.hpp"
#include "tests/faults/disk.hpp"
#include "tests/faults/process.hpp"

#include <optional>

namespace habitd::faults {

/// A new disk: empty but for /home.
std::shared_ptr<disk> new_disk(std::uint64_t seed);

/// All states that a store goes through when nothing disturbs it.
class course {
public:
  /// Runs all jobs of `home` on `on`, restarting before each.
  /// @errors  what an undisturbed run must not meet.
  static expected<course> of(const small_home& home, const std::shared_ptr<disk>& on);

  /// The place of a state; nothing if an undisturbed store is never in it.
  std::optional<std::size_t> place_of(const content& state) const;

  const content& end() const { return end_; }
  std::size_t states() const { return places_.size(); }
  std::uint64_t calls() const { return calls_; } // to the disk, by all jobs

private:
  void add(const content& state);

  std::map<std::uint64_t, std::size_t> places_; // by digest
  content end_;
  std::uint64_t calls_ = 0;
};

} // namespace habitd::faults
