#include "tests/faults/analysed_home.hpp"
#include "tests/faults/call_plan.hpp"
#include "tests/faults/scenario.hpp"

#include <fmt/format.h>

#include <csignal>
#include <random>
#include <vector>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;

/// One call that fails.
struct planned_call {
  real_call kind{};
  std::uint64_t nth = 0; // from 1
  real_failure how{};
};

std::string describe(const planned_call& call) {
  constexpr std::array words{"none", "EIO", "ENOSPC", "ENOSPC from then on"};
  return fmt::format("{} {}, {}", real_call_names.at(static_cast<std::size_t>(call.kind)),
                     call.nth, words.at(static_cast<std::size_t>(call.how)));
}

/// How runs with a failing call ended, or that their findings were wrong.
struct endings {
  std::uint64_t failed_calls = 0, well = 0, with_error = 0, aborted = 0, violations = 0;
};

class disturbed_disk {
public:
  explicit disturbed_disk(const analysed_home& home) : home_{home} {
    const auto store = home.new_store("counted");
    call_plan plan{store};
    const auto ended = run_program(home.analyze(store, plan.command()));
    if (!home.has_expected(ended) || !home.wrong_afterwards(store, ended).empty())
      return;
    for (std::size_t kind = 0; kind < real_call_kinds; ++kind)
      calls_.at(kind) = plan->made.at(kind);
  }

  std::uint64_t calls(real_call kind) const {
    return calls_.at(static_cast<std::size_t>(kind));
  }

  /// Each that an undisturbed run makes, or every so many of a kind.
  std::vector<planned_call> sweep(std::uint64_t every) const {
    std::vector<planned_call> all;
    for (std::size_t kind = 0; kind < real_call_kinds; ++kind)
      for (std::uint64_t n = 1; n <= calls_.at(kind); n += every)
        all.push_back({static_cast<real_call>(kind), n, real_failure::io_error});
    return all;
  }

  std::vector<planned_call> draw(const repetition& times) const {
    std::vector<planned_call> all;
    for (auto seed = times.seed; seed < times.seed + times.count; ++seed)
      all.push_back(draw(seed));
    return all;
  }

  /// Any of those that an undisturbed run makes, the kinds alike.
  planned_call draw(std::uint64_t seed) const {
    std::mt19937_64 random{seed};
    planned_call call;
    do
      call.kind = static_cast<real_call>(random() % real_call_kinds);
    while (calls(call.kind) == 0);
    call.nth = 1 + random() % calls(call.kind);
    call.how = call.kind == real_call::read ? real_failure::io_error
                                            : static_cast<real_failure>(1 + random() % 3);
    return call;
  }

  /// Lets one call fail, then runs undisturbed.
  /// @returns  what was violated; empty if nothing.
  std::string run(const planned_call& call) {
    const auto store = home_.new_store("disturbed");
    call_plan plan{store};
    plan->kind = call.kind;
    plan->nth = call.nth;
    plan->how = call.how;
    const auto ended = program{home_.analyze(store, plan.command())}.wait_at_most(60s);
    count_.failed_calls += plan->failed;
    auto wrong = wrong_with(ended, store);
    const auto later = home_.wrong_afterwards(store, ended);
    if (wrong.empty() && !later.empty())
      wrong = fmt::format("{} (after one that ended with {}: {})", later, ended.exit_code,
                          ended.err);
    count_.violations += wrong.empty() ? 0 : 1;
    return wrong;
  }

  /// Each sync takes so much longer: nothing else may be different.
  std::string run_slowly(std::chrono::milliseconds sync) {
    const auto store = home_.new_store("slow");
    call_plan plan{store};
    plan->sync_ms = static_cast<std::uint32_t>(sync.count());
    const auto ended = program{home_.analyze(store, plan.command())}.wait_at_most(60s);
    if (!home_.has_expected(ended) || !ended.err.empty())
      return fmt::format("a slow run ends with {}: {}", ended.exit_code, ended.err);
    return home_.wrong_afterwards(store, ended);
  }

  const endings& count() const { return count_; }

private:
  std::string wrong_with(const program_result& ended, const std::string& store) {
    if (ended.exit_code == 0) {
      ++count_.well;
      return home_.has_expected(ended) ? "" : "ends well, with other findings";
    }
    if (ended.exit_code == 128 + SIGABRT) {
      ++count_.aborted;
      return {};
    }
    if (ended.exit_code > 128)
      return fmt::format("ends with {}: {}", ended.exit_code, ended.err);
    ++count_.with_error;
    return ended.err.find(store) == std::string::npos
             ? fmt::format("ends with {} and an error that names nothing: {}",
                           ended.exit_code, ended.err)
             : std::string{};
  }

  const analysed_home& home_;
  std::array<std::uint64_t, real_call_kinds> calls_{};
  endings count_;
};

} // namespace

bool disk_calls(const repetition& times) {
  const analysed_home home;
  disturbed_disk disk{home};
  if (!home.is_usable() || disk.calls(real_call::sync) == 0) {
    fmt::print("calls: the undisturbed run fails\n");
    return false;
  }
  if (disk.calls(real_call::remove) < 10) { // the tables that it replaces, not just a log
    fmt::print("calls: the undisturbed run meets no compaction\n");
    return false;
  }
  const auto planned = times.every > 0 ? disk.sweep(times.every) : disk.draw(times);
  for (const auto& call : planned)
    if (const auto wrong = disk.run(call); !wrong.empty())
      fmt::print("calls: {}: {}\n", describe(call), wrong);
  const auto& all = disk.count();
  fmt::print(
    "calls: {} calls failed in {} runs: {} ended well, {} with an error, {} by an "
    "abort, {} violations\n",
    all.failed_calls, planned.size(), all.well, all.with_error, all.aborted,
    all.violations);
  const auto slow_runs = 1 + planned.size() / 50;
  std::uint64_t wrong_slow = 0;
  for (std::uint64_t i = 0; i < slow_runs; ++i)
    if (const auto wrong = disk.run_slowly(20ms); !wrong.empty()) {
      ++wrong_slow;
      fmt::print("calls: {}\n", wrong);
    }
  fmt::print("calls: {} runs whose syncs took 20 ms longer, {} violations\n", slow_runs,
             wrong_slow);
  return all.violations + wrong_slow == 0;
}

} // namespace habitd::faults
