#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace habitd {

/// An instant of a clock that never steps.
using steady_time = std::chrono::steady_clock::time_point;

struct pace_policy {
  std::chrono::milliseconds gap{1'000}; // between the starts of two requests, at least
  double jitter = 0.25;                 // adds up to this share of it
  std::chrono::milliseconds widest_gap{16'000};
  std::uint32_t calm = 20; // answers after which a gap that was widened is halved
};

/// When one server may be asked next.
class request_pace {
public:
  explicit request_pace(pace_policy policy = {}) : policy_{policy}, gap_{policy.gap} {}

  /// What robots.txt asks for, if that is more.
  void at_least(std::chrono::milliseconds gap);

  /// How long to wait before the next request; zero if not at all.
  std::chrono::milliseconds wait(steady_time now) const;

  /// @param random  uniform in [0, 1).
  void asked(steady_time now, double random);

  void answered();

  /// The server asked to slow down: nothing for `wait`, and twice the gap from then on.
  void slow_down(steady_time now, std::chrono::milliseconds wait);

private:
  pace_policy policy_;
  std::chrono::milliseconds gap_;
  steady_time next_{};
  std::uint32_t calm_ = 0;
};

/// What a run may cost a server and a home.
struct run_budget {
  std::uint64_t requests = 2'500;
  std::uint64_t bytes = 20 << 20; // on the wire
  std::uint32_t slow_downs = 10;  // times a server asked to wait
};

struct run_cost {
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;
  std::uint32_t slow_downs = 0;
  bool operator==(const run_cost&) const = default;
};

/// Which limit is reached, for people; empty if none is.
std::string budget_used_up(const run_budget& budget, const run_cost& cost);

} // namespace habitd
