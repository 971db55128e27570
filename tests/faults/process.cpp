#include "tests/faults/process.hpp"

#include "actors/analysis/analysis.hpp"
#include "actors/analysis/detector_worker.hpp"
#include "actors/analysis/event_log.hpp"
#include "actors/job/job_carrier.hpp"
#include "actors/job/job_history.hpp"
#include "actors/suggestion/suggestion_worker.hpp"
#include "tests/faults/disk.hpp"
#include "tests/faults/fault_fs.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;

struct set_clock final : wall_clock {
  wall_time time{};
  wall_time now() const override { return time; }
};

struct test_config : caf::actor_system_config {
  test_config() { set("scheduler.policy", caf::atom("testing")); }
};

} // namespace

struct process::actors {
  template <class Handle>
  Handle keep(Handle handle) {
    all.push_back(caf::actor_cast<caf::actor>(handle));
    return handle;
  }

  std::shared_ptr<set_clock> clock = std::make_shared<set_clock>();
  test_config config;
  caf::actor_system system{config};
  caf::scheduler::test_coordinator& scheduler =
    dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  caf::scoped_actor self{system};
  std::vector<caf::actor> all;
  job_carrier_actor analyst;
};

expected<std::unique_ptr<process>>
process::start(const small_home& home, std::shared_ptr<disk> on, wall_time now) {
  auto env = std::make_shared<step_env>(make_fault_fs(on));
  storage_options where;
  where.directory = "/home/store";
  where.opened_at = now;
  where.env = env;
  auto store = home_store::open(where);
  env->run_background();
  if (!store)
    return store.error();
  if (const auto closed = close_interrupted_jobs(**store, "analysis", now); !closed)
    return closed.error();
  env->run_background();
  return std::unique_ptr<process>{new process{home, std::move(on), now, env, *store}};
}

process::process(const small_home& home, std::shared_ptr<disk> on, wall_time now,
                 std::shared_ptr<step_env> env, std::shared_ptr<home_store> store)
    : home_{home}, disk_{std::move(on)}, env_{std::move(env)}, store_{std::move(store)},
      actors_{std::make_unique<actors>()} {
  auto& with = *actors_;
  with.clock->time = now;
  event_log_options log;
  log.open = [this](const home_store& from) { return home_.open(from, job_); };
  log.calendar = home.calendar();
  log.filter = make_entity_filter({}, {});
  job_options carried;
  carried.patience.wait_for_space = 24h; // as the daemon
  analysis_options options;
  // Longer than the home lasts: what is pruned goes in one message with the patterns,
  // and a `course` sees only what is stored at the end of each.
  options.keep_raw_days = 30;
  analysis_workers workers;
  workers.events = with.keep(with.system.spawn(event_log, log, store_));
  for (const auto& detector : all_detectors())
    workers.detectors.push_back(
      {detector.id, detector.name,
       with.keep(with.system.spawn(detector_worker, detector, store_))});
  workers.suggestions = with.keep(with.system.spawn(suggestion_worker, store_));
  with.analyst = with.keep(job_carrier_actor{with.system.spawn(
    job_carrier, analysis_kind({workers, store_, home.calendar(), with.clock, options}),
    store_, std::shared_ptr<const wall_clock>{with.clock}, carried)});
  with.scheduler.run(); // actors begin with a turn of their own
}

process::~process() {
  for (const auto& actor : actors_->all)
    actors_->self->send_exit(actor, caf::exit_reason::kill);
  actors_->scheduler.run();
}

error process::begin(std::size_t job) {
  job_ = job;
  auto& time = actors_->clock->time;
  time = std::max<wall_time>(time + 1min, home_.begins(job));
  auto answer =
    actors_->self->request(actors_->analyst, caf::infinite, start_job{"schedule"});
  error failed;
  step();
  answer.receive([](const std::string&) {}, [&](error& reason) { failed = reason; });
  return failed;
}

bool process::step() {
  const bool handled = actors_->scheduler.try_run_once();
  env_->run_background();
  return handled;
}

void process::pass(std::chrono::seconds time) {
  actors_->clock->time += time;
  actors_->scheduler.advance_time(time);
}

job_status process::status() {
  auto answer = actors_->self->request(actors_->analyst, caf::infinite, get_job_status{});
  actors_->scheduler.run();
  job_status result;
  answer.receive([&](job_status& status) { result = std::move(status); },
                 [](const error&) {});
  return result;
}

bool process::is_running() {
  return status().running;
}

job_record process::last_job() {
  const auto job = status().job;
  return job ? *job : job_record{};
}

void process::finish() {
  for (int seconds = 0; seconds < 7200; ++seconds) {
    while (!disk_->power_is_off() && step())
      ;
    if (disk_->power_is_off() || !is_running())
      return;
    pass(1s);
  }
}

} // namespace habitd::faults
