#pragma once

#include "actors/outbox/delivery.hpp"

#include <map>
#include <random>
#include <string>

namespace habitd::faults {

/// What happens to entries at a target.
enum class target_mood : std::uint8_t {
  takes, // nearly all; now and then one fails, is refused, or is taken and called failed
  fails, // none gets through
  lies,  // takes half, and says of all that they failed
};

/// A target as bad as real ones. It remembers what it was given.
class fickle_target {
public:
  explicit fickle_target(std::uint64_t seed) : random_{seed} {}

  delivery_result take(const outbox_entry& entry);
  void become(target_mood mood) { mood_ = mood; }
  void cut_off(bool off) { is_cut_off_ = off; } // who calls has crashed

  /// Payloads by sequence: those that were taken, once or more.
  const std::map<std::uint64_t, std::string>& taken() const { return taken_; }
  std::uint64_t attempts() const { return attempts_; }

  /// The first thing that was wrong with what it was given; empty if nothing.
  const std::string& wrong() const { return wrong_; }

private:
  void keep(const outbox_entry& entry);

  std::mt19937_64 random_;
  target_mood mood_ = target_mood::takes;
  bool is_cut_off_ = false;
  std::map<std::uint64_t, std::string> taken_;
  std::uint64_t attempts_ = 0;
  std::uint64_t last_ = 0;
  std::string wrong_;
};

/// Whether alerts were raised and cleared in turn; else what wasn't.
/// @param payloads  of all entries that were staged, by sequence.
std::string wrong_with_alerts(const std::map<std::uint64_t, std::string>& payloads);

} // namespace habitd::faults
