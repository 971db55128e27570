#include "tests/faults/year_process.hpp"

#include "actors/runtime/supervisor.hpp"
#include "storage/schedule_store.hpp"
#include "tests/faults/course.hpp"
#include "tests/faults/fault_fs.hpp"
#include "tests/faults/year_jobs.hpp"
#include "tools/habitd/home_schedule.hpp"
#include "tools/habitd/home_branches.hpp"
#include "tools/habitd/notifications.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;

struct one_thread : caf::actor_system_config {
  one_thread() { set("scheduler.policy", caf::atom("testing")); }
};

spawn_options without_chance() {
  spawn_options options;
  options.own_threads = false;
  options.restarts.jitter = 0;
  options.seed = 1;
  return options;
}

home_parts parts_of(const year_world& world,
                            const std::shared_ptr<home_store>& store) {
  home_parts parts;
  parts.store = store;
  parts.calendar = world.home.calendar();
  parts.clock = world.clock;
  parts.events.open = [&home = world.home, clock = world.clock](const home_store& from) {
    return home.open(from, clock->true_now());
  };
  parts.events.calendar = parts.calendar;
  parts.events.filter = make_entity_filter({}, {});
  parts.jobs.resume = true;
  parts.jobs.patience.wait_for_space = 24h;
  parts.analysis.keep_jobs_days = 3660; // the end of a year counts them all
  parts.spawn = without_chance();
  return parts;
}

} // namespace

year_world::year_world(const year_home& of, std::uint64_t seed)
    : home{of}, storage{new_disk(seed)}, clock{std::make_shared<year_clock>(
                                           of.begin_of(0))},
      target{seed}, thrown{seed}, watch{of.calendar(), of.begin_of(0)} {
  storage->spare_background();
}

struct year_process::actors {
  one_thread config;
  caf::actor_system system{config};
  caf::scheduler::test_coordinator& scheduler =
    dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  caf::scoped_actor self{system};
  std::unique_ptr<supervision_tree> tree;
};

namespace {

/// What the daemon's scheduler works with, watched.
expected<scheduler_parts> watched_schedule(year_world& world, const home_parts& home) {
  auto parts = home_schedule(home);
  if (!parts)
    return parts;
  parts->clock = world.thrown.fragile(world.clock);
  parts->doubt = [](wall_time now) { return clock_doubt(now, "/nowhere"); };
  parts->load = [load = parts->load, &world](const std::string& job) {
    auto record = load(job);
    if (record)
      world.watch.loaded(job, *record);
    return record;
  };
  parts->save = [save = parts->save, &world](const std::string& job,
                                             const schedule_record& record) {
    auto failed = save(job, record);
    if (!failed)
      world.watch.stored(job, record);
    return failed;
  };
  return parts;
}

/// The jobs whose workers are yet to come.
branch stand_in_row(const year_world& world, const std::shared_ptr<home_store>& store,
                    const std::string& name, std::chrono::minutes longest) {
  stand_in acts{name};
  acts.longest = longest;
  const auto seed =
    static_cast<std::uint_fast32_t>(world.clock->true_now().time_since_epoch() / 1s);
  return supervised<job_actor>(
    name, {}, without_chance().restarts,
    [acts, store, clock = world.thrown.fragile(world.clock),
     seed](parent_ptr parent, const branch_site&) {
      return parent->spawn(stand_in_job, acts, store, clock, seed);
    });
}

/// The rows of the daemon, with stand-ins.
expected<std::vector<branch>> all_branches(year_world& world,
                                           const std::shared_ptr<home_store>& store,
                                           const std::shared_ptr<health_board>& board) {
  const auto home = parts_of(world, store);
  auto schedule = watched_schedule(world, home);
  if (!schedule)
    return schedule.error();
  auto told = notification_branches(
    {store, world.thrown.fragile(world.clock), board, without_chance()},
    {{"phone",
      [&target = world.target](const outbox_entry& entry) { return target.take(entry); }}});
  if (!told)
    return told.error();
  auto rows = home_branches(home);
  const auto& jobs = year_jobs();
  std::vector<scheduled_job> timetable{analysis_job(*parse_cron(jobs.front().when))};
  for (std::size_t i = 1; i < jobs.size(); ++i) {
    auto& what = timetable.emplace_back();
    what.name = jobs[i].name;
    what.when = *parse_cron(jobs[i].when);
    what.group = jobs[i].group;
    rows.push_back(stand_in_row(world, store, what.name, i == 1 ? 40min : 5min));
  }
  rows.insert(rows.end(), told->begin(), told->end());
  rows.push_back(
    scheduler_row(std::move(*schedule), timetable, without_chance().restarts));
  return rows;
}

} // namespace

expected<std::unique_ptr<year_process>> year_process::open(year_world& world) {
  auto env = std::make_shared<step_env>(make_fault_fs(world.storage));
  storage_options where;
  where.directory = "/home/store";
  where.opened_at = world.clock->now();
  where.env = env;
  auto store = home_store::open(where);
  if (!world.storage->power_is_off())
    env->run_background();
  if (!store)
    return store.error();
  return std::unique_ptr<year_process>{new year_process{world, env, *store}};
}

year_process::year_process(year_world& world, std::shared_ptr<step_env> env,
                           std::shared_ptr<home_store> store)
    : world_{world}, env_{std::move(env)}, store_{std::move(store)} {}

error year_process::begin() {
  auto named = schedule_store{*store_->db}.install_id([] { return "simulated"; });
  if (!named)
    return named.error();
  const auto board = std::make_shared<health_board>(world_.clock);
  auto rows = all_branches(world_, store_, board);
  if (!rows)
    return rows.error();
  actors_ = std::make_unique<actors>();
  auto tree = supervision_tree::start(actors_->system, board, std::move(*rows));
  if (!tree)
    return tree.error();
  actors_->tree = std::move(*tree);
  run();
  return {};
}

year_process::~year_process() {
  if (!actors_)
    return;
  auto& with = *actors_;
  if (with.tree)
    with.tree->stop([&with](const caf::actor& supervisor) {
    with.self->send_exit(supervisor, caf::exit_reason::user_shutdown);
    with.scheduler.run();
  });
  if (!world_.storage->power_is_off())
    env_->run_background();
}

void year_process::run() {
  const auto is_on = [this] { return !world_.storage->power_is_off(); };
  while (is_on() && actors_->scheduler.try_run_once())
    if (is_on()) // a compaction that can't write ends the process, see spare_background
      env_->run_background();
}

void year_process::pass(std::chrono::milliseconds time) {
  world_.clock->pass(time);
  actors_->scheduler.advance_time(time);
  run();
}

std::optional<schedule_status> year_process::schedule() {
  auto answer = actors_->self->request(actors_->tree->get<scheduler_actor>(scheduler_branch), caf::infinite, list_schedule{});
  run();
  std::optional<schedule_status> result;
  if (!world_.storage->power_is_off())
    answer.receive([&](schedule_status& status) { result = std::move(status); },
                   [](const error&) {});
  return result;
}

bool year_process::analysis_runs() {
  auto answer =
    actors_->self->request(actors_->tree->get<job_carrier_actor>(analysis_branch), caf::infinite, get_job_status{});
  run();
  bool result = false;
  if (!world_.storage->power_is_off())
    answer.receive([&](const job_status& status) { result = status.running; },
                   [](const error&) {});
  return result;
}

void year_process::trigger(const std::string& job) {
  caf::anon_send(actors_->tree->get<scheduler_actor>(scheduler_branch), trigger_job{job, "by hand"});
  run();
}

} // namespace habitd::faults
