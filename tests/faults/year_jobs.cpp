#include "tests/faults/year_jobs.hpp"

#include "actors/runtime/failure_handlers.hpp"
#include "storage/job_ids.hpp"
#include "storage/records.hpp"

namespace habitd::faults {

namespace {

using namespace std::chrono_literals;

error close_records_of(const std::string& kind, home_store& store, wall_time now) {
  const auto jobs = store.jobs.list();
  if (!jobs)
    return jobs.error();
  batch changes;
  bool any = false;
  for (const auto& [id, text] : *jobs) {
    auto job = job_from_json(text);
    if (!job || job->kind != kind || job->outcome != job_outcome::running)
      continue;
    job->outcome = job_outcome::interrupted;
    job->finished = now;
    store.jobs.put(changes, id, to_json(*job));
    any = true;
  }
  return any ? store.db->write(std::move(changes)) : error{};
}

} // namespace

error stand_in_state::begin(const std::string& trigger) {
  if (runner.pending())
    return make_error(ec::busy, what.kind + " is running");
  const auto now = clock->now();
  auto id = next_job_id(*store->db, now);
  if (!id)
    return std::move(id.error());
  job = {};
  job.id = std::move(*id);
  job.kind = what.kind;
  job.trigger = trigger;
  job.started = now;
  if (auto failed = save())
    return failed;
  const auto spread = static_cast<std::uint64_t>((what.longest - what.shortest) / 1s + 1);
  self->delayed_send(self, what.shortest + std::chrono::seconds{random() % spread},
                     end_of_work{});
  return {};
}

void stand_in_state::end() {
  if (!runner.pending())
    return;
  const bool fails = std::uniform_real_distribution<>{0, 1}(random) < what.fails;
  job.outcome = fails ? job_outcome::failed : job_outcome::ok;
  job.problem = fails ? "out of luck" : "";
  job.finished = clock->now();
  if (save())
    return self->delayed_send(self, 10s, end_of_work{}); // the disk may get well again
  runner.deliver(job_ended{job.id, job.outcome});
}

error stand_in_state::save() {
  batch changes;
  store->jobs.put(changes, job.id, to_json(job));
  return store->db->write(std::move(changes));
}

stand_in_state::~stand_in_state() {
  if (runner.pending())
    runner.deliver(make_error(ec::unavailable, what.kind + " was cut off"));
}

stand_in_self::behavior_type
stand_in_job(stand_in_self::stateful_pointer<stand_in_state> self, stand_in what,
             std::shared_ptr<home_store> store, std::shared_ptr<const wall_clock> clock,
             std::uint_fast32_t seed) {
  install_failure_handlers(self);
  auto& state = self->state;
  state.what = std::move(what);
  state.store = std::move(store);
  state.clock = std::move(clock);
  state.random.seed(seed);
  if (auto failed = close_records_of(state.what.kind, *state.store, state.clock->now()))
    self->quit(failed);
  return {
    [self, &state](const run_job& msg) -> caf::result<job_ended> {
      if (auto failed = state.begin(msg.trigger))
        return failed;
      state.runner = self->make_response_promise<job_ended>();
      return state.runner;
    },
    [&state](end_of_work) { state.end(); },
  };
}

} // namespace habitd::faults
