#include "tests/faults/analysed_home.hpp"
#include "tests/faults/scenario.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <random>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr int not_loaded = 127; // the loader had no room for its libraries
constexpr auto megabyte = 1024.0 * 1024;

/// Of a process: all addresses it holds, stacks and libraries included. 0 once it ended.
double held_bytes(pid_t process) {
  double pages = 0;
  std::ifstream{fmt::format("/proc/{}/statm", process)} >> pages;
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

/// What goes in front of a command, whose threads then have stacks of a megabyte: most of
/// what it holds is memory that it asked for.
std::vector<std::string> with_small_stacks() {
  return {"/usr/bin/prlimit", fmt::format("--stack={}", 1 << 20)};
}

class short_of_memory {
public:
  explicit short_of_memory(const analysed_home& home) : home_{home} {
    peak_ = measure({});
    small_peak_ = measure(with_small_stacks());
  }

  bool is_usable() const { return peak_ > 0 && small_peak_ > 0; }
  double peak() const { return peak_; }

  /// Runs with too little memory, or hardly enough, then undisturbed.
  /// @returns  what was violated; empty if nothing.
  std::string run(std::uint64_t seed) {
    std::mt19937_64 random{seed};
    const auto store = home_.new_store("short");
    const auto ended =
      seed % 3 == 0 ? end_limited_later(store, random)
      : seed % 3 == 1
        ? end_limited(store, {}, random, {0.3, 1.15}, peak_)
        : end_limited(store, with_small_stacks(), random, {0.8, 1.15}, small_peak_);
    const auto wrong = wrong_with(ended);
    const auto later = home_.wrong_afterwards(store, ended);
    if (!wrong.empty() || later.empty())
      return wrong;
    return fmt::format("{} (after one that ended with {}: {})", later, ended.exit_code,
                       ended.err);
  }

  std::uint64_t well = 0, with_error = 0, died = 0;

private:
  /// @returns  the most that an undisturbed run holds, about; 0 if it fails.
  double measure(const std::vector<std::string>& before) {
    const auto store = home_.new_store("measured");
    const auto began = steady::now();
    program undisturbed{home_.analyze(store, before)};
    double most = 0;
    for (double held = 1; held > 0; most = std::max(most, held)) {
      std::this_thread::sleep_for(1ms);
      held = held_bytes(undisturbed.id());
    }
    const auto ended = undisturbed.wait();
    whole_ = steady::now() - began;
    return home_.has_expected(ended) && home_.wrong_afterwards(store, ended).empty()
             ? most
             : 0;
  }

  /// Under a limit from the start.
  program_result end_limited(const std::string& store, std::vector<std::string> before,
                             std::mt19937_64& random, std::pair<double, double> shares,
                             double peak) {
    const auto share =
      std::uniform_real_distribution<>{shares.first, shares.second}(random);
    if (before.empty())
      before = {"/usr/bin/prlimit"};
    before.push_back(fmt::format("--as={:.0f}", share * peak));
    return program{home_.analyze(store, before)}.wait_at_most(60s);
  }

  /// Gets no more, or hardly more, from some moment on.
  program_result end_limited_later(const std::string& store, std::mt19937_64& random) {
    program disturbed{home_.analyze(store)};
    const auto share = std::uniform_real_distribution<>{0, 1}(random);
    std::this_thread::sleep_for(
      std::chrono::duration_cast<std::chrono::microseconds>(whole_ * share));
    const auto more = std::uniform_real_distribution<>{0, 16 * megabyte}(random);
    const auto bytes = static_cast<rlim_t>(held_bytes(disturbed.id()) + more);
    const rlimit limit{bytes, bytes};
    prlimit(disturbed.id(), RLIMIT_AS, &limit, nullptr);
    return disturbed.wait_at_most(60s);
  }

  std::string wrong_with(const program_result& ended) {
    if (ended.exit_code == 128 + SIGKILL)
      return "hangs: " + ended.err;
    ++(ended.exit_code == 0 ? well : ended.exit_code > 128 ? died : with_error);
    if (ended.exit_code == 0)
      return home_.has_expected(ended) ? "" : "ends well, with other findings";
    const bool started = ended.exit_code != not_loaded;
    if (started && ended.exit_code != 128 + SIGSEGV && // a stack could not grow
        ended.err.find("habitd: ") == std::string::npos)
      return fmt::format("ends with {} and does not say why: {}", ended.exit_code,
                         ended.err);
    return {};
  }

  const analysed_home& home_;
  double peak_ = 0; // bytes
  double small_peak_ = 0;
  steady::duration whole_{};
};

} // namespace

bool little_memory(const repetition& times) {
  const analysed_home home;
  short_of_memory memory{home};
  if (!home.is_usable() || !memory.is_usable()) {
    fmt::print("memory: the undisturbed run fails\n");
    return false;
  }
  std::uint64_t violations = 0;
  for (auto seed = times.seed; seed < times.seed + times.count; ++seed)
    if (const auto wrong = memory.run(seed); !wrong.empty()) {
      ++violations;
      fmt::print("memory: seed {}: {}\n", seed, wrong);
    }
  fmt::print(
    "memory: {} runs with less than the {:.0f} MB of addresses that one takes, or "
    "hardly more: {} ended well, {} with an error, {} died, {} violations\n",
    times.count, memory.peak() / megabyte, memory.well, memory.with_error, memory.died,
    violations);
  return violations == 0;
}

} // namespace habitd::faults
