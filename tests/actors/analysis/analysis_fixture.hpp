#pragma once

#include "actors/analysis/analysis.hpp"
#include "actors/analysis/detector_worker.hpp"
#include "actors/analysis/event_log.hpp"
#include "actors/job/job_carrier.hpp"
#include "actors/suggestion/suggestion_worker.hpp"
#include "tests/actor_fixture.hpp"
#include "tools/simulator/simulate.hpp"

#include <deque>
#include <filesystem>

namespace habitd {

struct fixed_clock final : wall_clock {
  wall_time time{std::chrono::milliseconds{1'790'000'000'000}};
  wall_time now() const override { return time; }
};

/// A home from 2026-03-09 on, with habits among noise.
simulation_options noisy_home(std::uint64_t seed, int days);

/// A simulated home, one page a day.
std::deque<event_page> pages_of(const simulation_options& options);

/// An analysis on the test scheduler, over a store of its own, fed with pages by hand.
struct analysis_fixture : actor_fixture {
  analysis_fixture();
  ~analysis_fixture();

  /// Analyses after `pages` have come; each is read as one step of a source.
  /// @returns  the job as it ended.
  job_record analyze(std::deque<event_page> pages);

  /// Replaces the analysis by one that knows the options and detectors of now.
  void begin_anew();

  /// Kills the analysis, and starts another one over the same store a minute later.
  void restart();

  /// All records of jobs, by id.
  std::vector<job_record> jobs() const;

  /// Patterns as JSON, in the order of their ids.
  std::vector<std::string> patterns() const;

  std::filesystem::path directory;
  std::shared_ptr<home_store> store;
  std::shared_ptr<home_calendar> calendar;
  std::shared_ptr<fixed_clock> clock = std::make_shared<fixed_clock>();
  std::deque<event_page> waiting; // what the source still has
  int fail_reads = 0;             // the next so many reads fail
  event_log_actor events;
  std::vector<detector_at_work> detectors;
  std::vector<detector_actor> well; // what stands behind detectors that are made sick
  suggestion_actor suggestions;
  analysis_options options; // of the analysis that is started next
  job_options carried;      // and how
  job_carrier_actor analyst;

private:
  expected<event_source> open();
  job_carrier_actor start();
  std::uint64_t ordinal_ = 0;
  int correlations_ = 0;
};

/// A page with the same rows again.
event_page copy_of(const event_page& page);

} // namespace habitd
