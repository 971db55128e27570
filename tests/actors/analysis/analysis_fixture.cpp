#include "tests/actors/analysis/analysis_fixture.hpp"

#include "messages/time_text.hpp"
#include "storage/records.hpp"

#include <stdlib.h>

namespace habitd {

simulation_options noisy_home(std::uint64_t seed, int days) {
  simulation_options options;
  options.seed = seed;
  options.days = days;
  options.first_date = *parse_date("2026-03-09");
  options.entities = 60;
  options.events_per_day = 300;
  options.distractors.noise = 12;
  options.distractors.noise_per_day = {1, 6};
  return options;
}

std::deque<event_page> pages_of(const simulation_options& options) {
  const auto home = simulate_home(options);
  REQUIRE(home);
  std::deque<event_page> pages;
  REQUIRE_FALSE(home->each_day([&](const simulated_day& day) {
    pages.push_back(page_of(*home, day));
    return error{};
  }));
  return pages;
}

analysis_fixture::analysis_fixture() {
  std::string name = std::filesystem::temp_directory_path() / "habitd-test-XXXXXX";
  REQUIRE(mkdtemp(name.data()));
  directory = name;
  auto opened = home_store::open({.directory = directory, .sync = false});
  REQUIRE(opened);
  store = *opened;
  calendar = std::make_shared<home_calendar>(*home_calendar::open("Europe/Berlin"));
  event_log_options log;
  log.open = [this](const home_store&) { return open(); };
  log.calendar = calendar;
  log.filter = make_entity_filter({}, {});
  events = sys.spawn(event_log, log, store);
  for (const auto& detector : all_detectors())
    detectors.push_back(
      {detector.id, detector.name, sys.spawn(detector_worker, detector, store)});
  suggestions = sys.spawn(suggestion_worker, store);
  options.partial_days = true;
  options.keep_raw_days = 0;
  carried.new_correlation = [this] { return "run " + std::to_string(++correlations_); };
  analyst = start();
}

job_carrier_actor analysis_fixture::start() {
  return sys.spawn(
    job_carrier,
    analysis_kind({{events, detectors, suggestions}, store, calendar, clock, options}),
    store, std::shared_ptr<const wall_clock>{clock}, carried);
}

void analysis_fixture::begin_anew() {
  self->send_exit(analyst, caf::exit_reason::user_shutdown);
  sched.run();
  analyst = start();
  sched.run();
}

void analysis_fixture::restart() {
  self->send_exit(analyst, caf::exit_reason::kill);
  sched.run();
  clock->time += std::chrono::minutes{1};
  carried.resume = true;
  analyst = start();
  sched.run();
}

std::vector<job_record> analysis_fixture::jobs() const {
  std::vector<job_record> result;
  const auto stored = store->jobs.list();
  REQUIRE(stored);
  for (const auto& [id, text] : *stored)
    result.push_back(*job_from_json(text));
  return result;
}

analysis_fixture::~analysis_fixture() {
  for (const auto& detector : detectors)
    self->send_exit(detector.worker, caf::exit_reason::user_shutdown);
  for (const auto& worker : well)
    self->send_exit(worker, caf::exit_reason::user_shutdown);
  self->send_exit(events, caf::exit_reason::user_shutdown);
  self->send_exit(suggestions, caf::exit_reason::user_shutdown);
  self->send_exit(analyst, caf::exit_reason::user_shutdown);
  sched.run();
  store.reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory, ignored);
}

expected<event_source> analysis_fixture::open() {
  event_source source;
  source.next = [this]() -> expected<read_step> {
    if (fail_reads > 0) {
      --fail_reads;
      return make_error(ec::unavailable, "the test says so");
    }
    read_step step;
    step.ordinal = ordinal_++;
    step.position = {"test", std::to_string(ordinal_)};
    if (!waiting.empty()) {
      step.page = std::move(waiting.front());
      waiting.pop_front();
    }
    step.at_end = waiting.empty();
    step.progress = step.at_end ? 1 : 0.5;
    return step;
  };
  source.problems = [] { return read_problems{}; };
  source.description = "test";
  return source;
}

job_record analysis_fixture::analyze(std::deque<event_page> pages) {
  for (auto& page : pages)
    waiting.push_back(std::move(page));
  clock->time += std::chrono::hours{1};
  const auto started = ask<std::string>(analyst, start_job{"test"});
  REQUIRE(started);
  for (int i = 0; i < 20; ++i) // steps that failed are tried again after a second
    advance(std::chrono::seconds{2});
  const auto status = ask<job_status>(analyst, get_job_status{});
  REQUIRE(status);
  REQUIRE_FALSE(status->running);
  return *status->job;
}

std::vector<std::string> analysis_fixture::patterns() const {
  std::vector<std::string> result;
  const auto stored = store->patterns.list();
  REQUIRE(stored);
  for (const auto& [id, text] : *stored)
    result.push_back(text);
  return result;
}

event_page copy_of(const event_page& page) {
  event_page copy;
  for (std::size_t i = 0; i < page.texts.size(); ++i)
    copy.texts.intern(page.texts[static_cast<std::uint32_t>(i)]);
  copy.rows = page.rows;
  return copy;
}

} // namespace habitd
