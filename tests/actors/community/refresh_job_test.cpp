#include "actors/community/refresh_job.hpp"

#include "actors/community/commit_plan.hpp"
#include "actors/community/refresh_runner.hpp"
#include "actors/community/workers.hpp"
#include "actors/job/job_carrier.hpp"
#include "storage/corpus_records.hpp"
#include "storage/records.hpp"
#include "tests/actor_fixture.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <filesystem>
#include <fstream>

namespace habitd {

namespace {

using namespace std::chrono_literals;

struct set_clock final : wall_clock {
  wall_time time{std::chrono::milliseconds{1'790'000'000'000}};
  wall_time now() const override { return time; }
};

/// A parser that some topics are too much for.
parser_actor::behavior_type fragile_parser(parser_actor::pointer) {
  return {
    [](const parse_one_topic& what) -> caf::result<topic_parsed_ptr> {
      if (what.topic->source_id.find("poison") != std::string::npos)
        return make_error(ec::unexpected, std::string{"burst"});
      return std::make_shared<const topic_parsed>();
    },
  };
}

/// The workers of a refresh over a folder of YAML, on the test scheduler.
struct refresh_fixture : actor_fixture {
  refresh_fixture() {
    store = *home_store::open(scratch.options());
    std::filesystem::create_directory(folder);
    view = std::make_shared<corpus_view>(store);
    invalidator =
      sys.spawn(cache_invalidator, view, std::function<void()>{[this] { ++analyses; }});
    pruner_parts parts{store, clock, {}, {}};
    pruner = sys.spawn(habitd::pruner, parts);
    parsers = {sys.spawn(parser), sys.spawn(parser)};
  }

  job_carrier_actor carrier() {
    refresh_parts parts;
    parts.store = store;
    parts.files = {folder.string()};
    parts.reader = sys.spawn(file_reader);
    parts.parsers = parsers;
    parts.pruner = pruner;
    parts.invalidator = invalidator;
    carriers.push_back(sys.spawn(job_carrier, refresh_kind(parts), store,
                                 std::shared_ptr<const wall_clock>{clock},
                                 job_options{}));
    return carriers.back();
  }

  ~refresh_fixture() {
    for (const auto& each : carriers)
      self->send_exit(each, caf::exit_reason::user_shutdown);
    sched.run();
  }

  void write(const std::string& name, const std::string& title,
             const std::string& service = "light.turn_on") const {
    std::ofstream{folder / name} << "blueprint:\n  name: " << title
                                 << "\n  domain: automation\ntrigger: []\naction:\n"
                                    "  - service: "
                                 << service << "\n";
  }

  job_record run() {
    clock->time += 1h;
    const auto ended = ask<job_ended>(carrier(), run_job{"test"});
    REQUIRE(ended);
    return *job_from_json(*store->jobs.get(ended->id));
  }

  /// A run in which steps are tried again, a second after they failed.
  job_record run_with_attempts(int seconds) {
    tell(carrier(), run_job{"test"});
    for (int i = 0; i < seconds; ++i)
      advance(1s);
    const auto jobs = store->jobs.list();
    REQUIRE(jobs);
    REQUIRE(jobs->size() == 1);
    return *job_from_json(jobs->front().second);
  }

  scratch_directory scratch;
  std::filesystem::path folder = scratch.path() / "blueprints";
  std::shared_ptr<home_store> store;
  std::shared_ptr<set_clock> clock = std::make_shared<set_clock>();
  std::shared_ptr<corpus_view> view;
  cache_invalidator_actor invalidator;
  pruner_actor pruner;
  std::vector<parser_actor> parsers;
  std::vector<job_carrier_actor> carriers;
  int analyses = 0;
};

/// A carrier that ends every job as it is told.
job_carrier_actor::behavior_type stand_in(job_carrier_actor::pointer,
                                          std::shared_ptr<std::vector<job_outcome>> runs,
                                          std::shared_ptr<int> begun) {
  return {
    [](const start_job&) { return std::string{}; },
    [runs, begun](const run_job&) {
      return job_ended{"job", runs->at(static_cast<std::size_t>((*begun)++))};
    },
    [](await_job) { return job_status{}; },
    [](const cancel_job&) { return cancel_answer{}; },
    [](get_job_status) { return job_status{}; },
  };
}

} // namespace

TEST_CASE_METHOD(refresh_fixture,
                 "a refresh brings a folder of blueprints into the corpus") {
  write("a.yaml", "Lights");
  write("b.yaml", "Fans", "fan.turn_on");
  write("c.yaml", "[broken");

  const auto job = run();

  CHECK(job.outcome == job_outcome::ok);
  CHECK(count_of(job, "added") == 2);
  CHECK(count_of(job, "parse_failures") == 1);
  REQUIRE(job.notes.size() == 1);
  CHECK(job.notes[0].starts_with("c.yaml:"));
  CHECK(store->corpus.all()->size() == 2);
  CHECK(store->corpus.audit({})->size() == 2);
  CHECK(store->corpus.audit({})->at(0).correlation == job.correlation);
  CHECK(store->corpus.refreshes()->at(0).added == 2);
  CHECK(view->read()->index.size() == 2); // readers have it
}

TEST_CASE_METHOD(refresh_fixture, "a second refresh of the same folder changes nothing") {
  write("a.yaml", "Lights");
  run();

  const auto job = run();

  CHECK(count_of(job, "added") == 0);
  CHECK(count_of(job, "updated") == 0);
  CHECK(store->corpus.audit({})->size() == 1);
}

TEST_CASE_METHOD(refresh_fixture,
                 "a file that is gone is soft-deleted, and can be restored") {
  write("a.yaml", "Lights");
  write("b.yaml", "Fans", "fan.turn_on");
  run();
  std::filesystem::remove(folder / "b.yaml");

  const auto job = run();

  CHECK(count_of(job, "removed") == 1);
  REQUIRE(store->corpus.all_deleted()->size() == 1);
  const auto id = store->corpus.all_deleted()->at(0).entry.id;
  const auto restored = ask<entry_restored>(pruner, restore_deleted{id, "me"});
  REQUIRE(restored);
  CHECK(store->corpus.get(id)->exempt == std::vector<std::string>{"gone"});
  CHECK(store->corpus.yaml(id)->find("Fans") != std::string::npos);
  CHECK(store->corpus.audit({})->at(0).operation == corpus_operation::restore);
  CHECK(ask<entry_restored>(pruner, restore_deleted{id, "me"}) == ec::not_found);
}

TEST_CASE_METHOD(refresh_fixture,
                 "a clean-up ends what was deleted more than 30 days ago") {
  write("a.yaml", "Lights");
  run();
  const auto id = store->corpus.all()->at(0).id;
  std::filesystem::remove(folder / "a.yaml");
  run();

  clock->time += std::chrono::days{29};
  CHECK(ask<corpus_cleaned_up>(pruner, clean_up_corpus{})->entries == 0);
  clock->time += std::chrono::days{2};
  CHECK(ask<corpus_cleaned_up>(pruner, clean_up_corpus{})->entries == 1);
  CHECK(code_of(store->corpus.yaml(id).error()) == ec::not_found);
}

TEST_CASE_METHOD(refresh_fixture,
                 "a topic that its parser fails on is told, the others go on") {
  write("a.yaml", "Lights");
  write("poison.yaml", "Poison");
  write("z.yaml", "Fans");
  parsers = {sys.spawn(fragile_parser), sys.spawn(fragile_parser)};

  const auto job = run_with_attempts(10);

  CHECK(job.outcome != job_outcome::running);
  CHECK(count_of(job, "topics") == 2);
  REQUIRE_FALSE(job.notes.empty());
  CHECK(job.notes[0].find("poison.yaml") != std::string::npos);
  CHECK(store->corpus.refreshes()->at(0).parse_failures == 1);
}

TEST_CASE_METHOD(refresh_fixture, "a plan that is committed again changes nothing") {
  write("a.yaml", "Lights");
  refresh_facts facts;
  const auto plan = std::make_shared<corpus_plan>();
  planned_change change;
  change.why.id = "x";
  change.after.entry.id = "x";
  plan->changes.push_back(change);
  const commit_plan commit{plan, "job 1", "c", clock->time, {}};

  REQUIRE(ask<plan_committed>(pruner, commit));
  REQUIRE(ask<plan_committed>(pruner, commit)); // as when the answer was lost

  CHECK(store->corpus.audit({})->size() == 1);
}

TEST_CASE_METHOD(refresh_fixture,
                 "more than a hundred new entries bring one analysis in five minutes") {
  CHECK_FALSE(ask<caches_dropped>(invalidator, miner_updated{100})->analysis_follows);
  CHECK(ask<caches_dropped>(invalidator, miner_updated{101})->analysis_follows);
  CHECK(ask<caches_dropped>(invalidator, corpus_changed{500})->analysis_follows);

  advance(4min);
  CHECK(analyses == 0);
  advance(1min);
  CHECK(analyses == 1);
  advance(10min);
  CHECK(analyses == 1);
}

TEST_CASE_METHOD(refresh_fixture,
                 "a refresh that fails is run again after 1, 5 and 15 minutes") {
  using enum job_outcome;
  const auto runs = std::make_shared<std::vector<job_outcome>>(8, failed);
  const auto begun = std::make_shared<int>(0);
  std::vector<alert_change> told;
  const auto runner = sys.spawn(
    refresh_runner,
    refresh_runner_parts{sys.spawn(stand_in, runs, begun), store, clock,
                         [&](const alert_change& what) { told.push_back(what); }});
  tell(runner, run_job{"schedule"});
  CHECK(*begun == 1);
  CHECK(ask<job_ended>(runner, run_job{"http"}) == ec::busy);

  advance(1min);
  CHECK(*begun == 2);
  advance(5min);
  CHECK(*begun == 3);
  CHECK(told.empty());
  advance(15min);
  CHECK(*begun == 4);
  REQUIRE(told.size() == 1);
  const auto* raised = std::get_if<raise_alert>(&told[0]);
  REQUIRE(raised);
  CHECK(raised->code == "refresh_failed");
  CHECK(raised->level == severity::warning);
  CHECK_FALSE(store->corpus.refreshes()->at(0).ok);
  self->send_exit(runner, caf::exit_reason::user_shutdown);
}

TEST_CASE("alerts after a refresh: failures, slowness, unreadable texts, many new ones") {
  refresh_summary run;
  run.problem = "the forum is down";
  const auto level_of = [](const std::vector<alert_change>& all,
                           const std::string& code) {
    for (const auto& each : all)
      if (const auto* raised = std::get_if<raise_alert>(&each);
          raised && raised->code == code)
        return std::optional{raised->level};
    return std::optional<severity>{};
  };
  CHECK(level_of(alerts_after(run, 2), "refresh_failed") == severity::warning);
  CHECK(level_of(alerts_after(run, 3), "refresh_failed") == severity::critical);

  run.ok = true;
  run.finished = run.started + 45min;
  run.blocks = 100;
  run.parse_failures = 20;
  run.added = 100;
  for (const auto& each : alerts_after(run, 0))
    CHECK(std::holds_alternative<clear_alert>(each));
  run.finished += 1min;
  run.parse_failures = 21;
  run.added = 101;
  const auto all = alerts_after(run, 0);
  CHECK(level_of(all, "refresh_slow") == severity::warning);
  CHECK(level_of(all, "parse_failures") == severity::warning);
  CHECK(level_of(all, "many_new") == severity::info);
}

} // namespace habitd
