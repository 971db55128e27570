#include "tests/faults/simulated_year.hpp"

#include <fmt/format.h>

#include <malloc.h>
#include <unistd.h>

#include <cmath>
#include <fstream>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr wall_time epoch{};

double resident_kilobytes() {
  ::malloc_trim(0); // what the allocator keeps for later is no leak
  std::ifstream file{"/proc/self/statm"};
  long pages = 0, resident = 0;
  file >> pages >> resident;
  return static_cast<double>(resident * ::sysconf(_SC_PAGESIZE)) / 1024;
}

/// Of all but the disk in memory.
double allocated_kilobytes(const disk& storage) {
  const auto heap = ::mallinfo2();
  return static_cast<double>(heap.uordblks + heap.hblkhd) / 1024 -
         static_cast<double>(storage.memory_taken().allocated) / 1024;
}

} // namespace

simulated_year::simulated_year(const year_home& home, const year_plan& plan,
                               std::uint64_t seed)
    : plan_{plan}, random_{seed}, world_{home, seed},
      end_{home.begin_of(plan.days) + 5min}, up_again_{world_.clock->true_now()} {
  next_due_ = world_.watch.next_due(world_.clock->now());
  if (plan.disturbed)
    plan_disturbances();
  for (int day = 30; day <= plan.days; day += 30)
    at(home.begin_of(day) + 12h, [this] { sample_memory(); });
}

year_outcome simulated_year::run() {
  while (outcome_.wrong.empty() && world_.clock->true_now() < end_)
    turn();
  if (outcome_.wrong.empty())
    check_end();
  outcome_.thrown = world_.thrown.thrown();
  process_.reset();
  return outcome_;
}

void simulated_year::turn() {
  act_on_agenda();
  if (process_ && world_.storage->power_is_off())
    return crash(dies_by_, true);
  if (!process_ && world_.clock->true_now() >= up_again_)
    boot();
  if (!outcome_.wrong.empty())
    return;
  const auto stride = next_stride();
  ++outcome_.steps;
  if (!process_)
    return world_.clock->pass(stride);
  process_->pass(stride);
  if (world_.storage->power_is_off())
    return crash(dies_by_, true);
  look();
}

/// The longer nothing happens, the longer steps become; none passes by what is due.
milliseconds simulated_year::next_stride() {
  const auto& clock = *world_.clock;
  auto next = std::min(end_, agenda_.empty() ? end_ : agenda_.begin()->first);
  if (!process_)
    return std::max<milliseconds>(std::min(next, up_again_) - clock.true_now(), 1ms);
  stride_ = std::max<milliseconds>(stride_ * 2, 1s);
  if (stride_ > 1min && is_busy())
    stride_ = 1min;
  else if (stride_ > 5min && process_->store().outbox.next("phone"))
    stride_ = 5min;
  stride_ = std::min<milliseconds>(stride_, 6h);
  const auto due = world_.watch.next_due(clock.now()) - clock.now();
  if (due <= stride_) {
    const auto to_due = std::min(due, next - clock.true_now());
    stride_ = 0ms; // jobs begin
    return std::max<milliseconds>(to_due, 1ms);
  }
  return std::max<milliseconds>(std::min(stride_, next - clock.true_now()), 1ms);
}

bool simulated_year::is_busy() {
  const auto status = process_->schedule();
  bool busy = process_->analysis_runs();
  if (status)
    for (const auto& job : status->jobs)
      busy = busy || job.running || !job.waiting_for.empty();
  return busy;
}

void simulated_year::boot() {
  stride_ = 0ms;
  unsettle(3min);
  auto opened = year_process::open(world_);
  const bool off = world_.storage->power_is_off();
  if (!opened && !off)
    return blame("does not start: " + describe(opened.error()));
  if (opened)
    process_ = std::move(*opened);
  if (!off)
    check_start();
  auto failed = off ? error{} : process_->begin();
  if (world_.storage->power_is_off())
    return crash(dies_by_, true);
  if (failed)
    blame("does not begin: " + describe(failed));
}

/// @param within_call  power went at a call to the disk, which may have had its effect.
void simulated_year::crash(disturbance how, bool within_call) {
  if (process_)
    if (auto seen = content_of(process_->store()))
      acknowledged_ = std::move(*seen);
  ended_within_call_ = within_call;
  count(how);
  world_.storage->cut_power();
  world_.target.cut_off(true);
  end_process();
  world_.target.cut_off(false);
  if (how == disturbance::power_cut)
    world_.storage->cut(random_());
  else
    world_.storage->release();
  go_down(21 * 24h);
}

/// Minutes most of the time, and now and then weeks.
void simulated_year::go_down(milliseconds longest) {
  const auto most = chance(0.6) ? 1h : chance(0.75) ? 24h : longest;
  up_again_ = std::min(world_.clock->true_now() + 1min + up_to(most), end_ - 4h);
  world_.clock->synchronise();
  if (chance(0.25)) {
    count(disturbance::clock_unset);
    at(up_again_, [this] { world_.clock->show(epoch + 10s); });
    at(up_again_ + 20s + up_to(30min), [this] {
      world_.clock->synchronise();
      stride_ = 0ms;
      unsettle(3min);
    });
  }
  if (chance(0.2)) // the start itself is cut short
    world_.storage->cut_power_at(1 + random_() % 60);
}

void simulated_year::look() {
  const auto& clock = *world_.clock;
  if (!world_.watch.wrong().empty())
    return blame(world_.watch.wrong());
  if (!world_.target.wrong().empty())
    return blame(world_.target.wrong());
  const auto settled = clock.now() - 90s;
  if (settled < next_due_ || clock.true_now() < settled_)
    return;
  const auto status = process_->schedule();
  if (!status || !status->clock_doubt.empty())
    return;
  world_.watch.check(settled, *status);
  bool any = false;
  for (const auto& job : status->jobs)
    any = any || job.running || !job.waiting_for.empty();
  if (!any)
    next_due_ = world_.watch.next_due(settled);
}

/// Something happened that keeps the scheduler from starting what is due, for a while.
void simulated_year::unsettle(milliseconds for_so_long) {
  settled_ = std::max(settled_, world_.clock->true_now() + for_so_long);
}

void simulated_year::sample_memory() {
  const auto on_disk = static_cast<double>(world_.storage->memory_taken().written) / 1024;
  outcome_.months.push_back({resident_kilobytes() - on_disk,
                             allocated_kilobytes(*world_.storage), without_process_});
  without_process_ = 0;
}

void simulated_year::end_process() {
  process_.reset();
  without_process_ = allocated_kilobytes(*world_.storage);
}

void simulated_year::blame(const std::string& what) {
  if (outcome_.wrong.empty())
    outcome_.wrong = fmt::format(
      "{}: {}", world_.home.calendar()->format(world_.clock->true_now()), what);
}

void simulated_year::check_start() {
  const auto& store = process_->store();
  if (!store.db->recovered_from().empty())
    return blame("the store is taken for corrupt");
  if (store.db->lost_last_writes())
    return blame("the log is taken for damaged");
  const auto found = content_of(store);
  if (!found)
    return blame("can't be read: " + describe(found.error()));
  if (acknowledged_.digest == 0)
    return;
  if (auto wrong = missing_jobs(acknowledged_, *found); !wrong.empty())
    return blame(wrong);
  if (!ended_within_call_ &&
      (!found->same_as(acknowledged_) || found->jobs != acknowledged_.jobs))
    blame("holds something else than before it ended");
}

} // namespace habitd::faults
