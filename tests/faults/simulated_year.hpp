#pragma once

#include "tests/faults/content.hpp"
#include "tests/faults/year_process.hpp"

#include <array>
#include <functional>
#include <map>
#include <vector>

namespace habitd::faults {

/// What disturbs a home.
enum class disturbance : std::uint8_t {
  power_cut,     // at a moment, or at a call to the disk
  kill,          // likewise
  stop,          // SIGTERM
  throwing,      // actors throw for an hour
  broken_step,   // one step of an analysis throws each time, for up to ten days
  clock_step,    // by an hour, for up to two days
  clock_unset,   // a start in 1970, until the clock is synchronised
  target_outage, // nobody takes notifications, or takes them and says otherwise
  by_hand,       // somebody starts a job
  full_disk,     // for up to an hour
  failing_call,  // one write or sync
};
constexpr std::size_t disturbances = 11;
constexpr std::array<const char*, disturbances> disturbance_names{
  "power cut",   "kill",          "stop",    "throw", "broken step", "clock step",
  "clock unset", "target outage", "by hand", "full",  "failing call"};

struct year_plan {
  int days = 365;
  bool disturbed = true;
};

/// One month of memory, in kB, without what the disk in memory holds.
struct memory_sample {
  double resident = 0;
  double allocated = 0; // by habitd and by what disturbs and watches it
  double without = 0;   // the same when habitd last was down; 0: not in this month
};

/// What came of a year.
struct year_outcome {
  std::string wrong{}; // with the time; empty if nothing
  findings found{};
  std::uint64_t digest = 0; // of everything stored and everything that happened
  std::uint64_t jobs = 0;
  std::uint64_t steps = 0; // of time
  std::array<std::uint64_t, disturbances> count{};
  std::uint64_t thrown = 0;
  std::vector<memory_sample> months{};
};

/// A home through a year, or the first days of one, and everything that happens to it.
class simulated_year {
public:
  simulated_year(const year_home& home, const year_plan& plan, std::uint64_t seed);

  year_outcome run();

private:
  using action = void (simulated_year::*)();

  // What is to come.
  void plan_disturbances();
  void plan(double times_a_year, action act);
  void at(wall_time when, std::function<void()> act);
  void act_on_agenda();
  std::chrono::milliseconds up_to(std::chrono::milliseconds most);
  bool chance(double share);

  // What happens.
  void cut_power() { lose(disturbance::power_cut); }
  void kill() { lose(disturbance::kill); }
  void lose(disturbance how);
  void stop();
  void throw_for_an_hour();
  void break_step();
  void step_clock();
  void silence_target();
  void start_by_hand();
  void fill_disk();
  void fail_call();
  void count(disturbance what) { ++outcome_.count[static_cast<std::size_t>(what)]; }

  // A process's life.
  void boot();
  void crash(disturbance how, bool within_call);
  void go_down(std::chrono::milliseconds longest);
  void turn();
  std::chrono::milliseconds next_stride();
  bool is_busy();
  void look();
  void unsettle(std::chrono::milliseconds for_so_long);
  void end_process();
  void sample_memory();

  // What must hold.
  void blame(const std::string& what);
  void check_start();
  void calm_down();
  void check_end();
  void check_runs(const content& found);
  void check_alerts(const content& found);
  void check_outbox();

  year_plan plan_;
  std::mt19937_64 random_;
  year_world world_;
  std::unique_ptr<year_process> process_; // none while habitd is down
  wall_time end_;
  std::multimap<wall_time, std::function<void()>> agenda_;
  wall_time up_again_{};
  disturbance dies_by_ = disturbance::kill; // when the power goes at a call
  std::chrono::milliseconds stride_{0};
  wall_time settled_{};  // from then on, what is due must have been started
  wall_time next_due_{}; // the next instant to be checked
  content acknowledged_; // by the process that ended last
  bool ended_within_call_ = false;
  double without_process_ = 0; // allocated kB
  year_outcome outcome_;
};

} // namespace habitd::faults
