// What happens to a home in a simulated year, and when.

#include "tests/faults/simulated_year.hpp"

#include <cmath>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// After the last of them the home has so long to get well.
constexpr auto quiet_end = 4h;

} // namespace

bool simulated_year::chance(double share) {
  return std::uniform_real_distribution<>{0, 1}(random_) < share;
}

/// Of a random magnitude: as often minutes as hours.
milliseconds simulated_year::up_to(milliseconds most) {
  const auto share = std::uniform_real_distribution<>{0, 1}(random_);
  return std::chrono::round<milliseconds>(
    std::chrono::duration<double>{std::pow(static_cast<double>(most / 1s), share)});
}

void simulated_year::at(wall_time when, std::function<void()> act) {
  agenda_.emplace(when, std::move(act));
}

void simulated_year::act_on_agenda() {
  while (!agenda_.empty() && agenda_.begin()->first <= world_.clock->true_now()) {
    const auto act = std::move(agenda_.begin()->second);
    agenda_.erase(agenda_.begin());
    act();
  }
}

void simulated_year::plan(double times_a_year, action act) {
  const auto begin = world_.home.begin_of(0) + 2h;
  const auto span = end_ - quiet_end - begin;
  const auto mean = times_a_year * plan_.days / 365;
  const auto times = std::poisson_distribution<int>{mean}(random_);
  for (int i = 0; i < times; ++i)
    at(begin + milliseconds{random_() % static_cast<std::uint64_t>(span.count())},
       [this, act] {
         if (process_)
           (this->*act)();
       });
}

void simulated_year::plan_disturbances() {
  plan(16, &simulated_year::cut_power);
  plan(16, &simulated_year::kill);
  plan(6, &simulated_year::stop);
  plan(10, &simulated_year::throw_for_an_hour);
  plan(4, &simulated_year::break_step);
  plan(8, &simulated_year::step_clock);
  plan(8, &simulated_year::silence_target);
  plan(20, &simulated_year::start_by_hand);
  plan(4, &simulated_year::fill_disk);
  plan(8, &simulated_year::fail_call);
}

/// At once, or at a call to the disk to come: soon, if a job is begun now.
void simulated_year::lose(disturbance how) {
  if (chance(0.4))
    return crash(how, false);
  dies_by_ = how;
  world_.storage->cut_power_at(1 + random_() % (chance(0.5) ? 60 : 600));
  if (chance(0.7))
    start_by_hand();
}

void simulated_year::stop() {
  world_.storage->disarm();
  end_process(); // orderly; what it still stores is acknowledged too
  acknowledged_ = {};
  count(disturbance::stop);
  go_down(24h);
}

void simulated_year::throw_for_an_hour() {
  count(disturbance::throwing);
  const auto lasts = up_to(1h);
  world_.thrown.set_rate(chance(0.5) ? 0.02 : 0.3);
  at(world_.clock->true_now() + lasts, [this] { world_.thrown.set_rate(0); });
  unsettle(lasts + 30min); // a branch that is down is tried every ten minutes
  if (chance(0.7))
    start_by_hand();
}

void simulated_year::break_step() {
  count(disturbance::broken_step);
  auto points = fault_point_names();
  std::erase_if(points, [](auto point) { return point.starts_with("standards."); });
  world_.thrown.break_point(points[random_() % points.size()]);
  const auto until =
    std::min(world_.clock->true_now() + 24h + up_to(9 * 24h), end_ - quiet_end);
  at(until, [this] { world_.thrown.break_point({}); });
  unsettle(until - world_.clock->true_now() + 30min);
}

void simulated_year::step_clock() {
  count(disturbance::clock_step);
  world_.clock->step(chance(0.5) ? 1h : -1h);
  at(std::min(world_.clock->true_now() + up_to(48h), end_ - quiet_end), [this] {
    world_.clock->synchronise();
    unsettle(3min);
  });
  unsettle(3min);
}

void simulated_year::silence_target() {
  count(disturbance::target_outage);
  world_.target.become(chance(0.5) ? target_mood::fails : target_mood::lies);
  at(std::min(world_.clock->true_now() + up_to(72h), end_ - quiet_end),
     [this] { world_.target.become(target_mood::takes); });
}

void simulated_year::start_by_hand() {
  count(disturbance::by_hand);
  stride_ = 0ms;
  process_->trigger(chance(0.7) ? "analysis" : chance(0.5) ? "refresh" : "retention");
}

void simulated_year::fill_disk() {
  count(disturbance::full_disk);
  world_.storage->fill();
  const auto lasts = up_to(1h);
  at(world_.clock->true_now() + lasts, [this] { world_.storage->free(); });
  unsettle(lasts + 30min);
  if (chance(0.7))
    start_by_hand();
}

void simulated_year::fail_call() {
  count(disturbance::failing_call);
  world_.storage->fail(chance(0.5) ? disk_call::write : disk_call::sync,
                       1 + random_() % 100);
  unsettle(30min);
  if (chance(0.7))
    start_by_hand();
}

} // namespace habitd::faults
