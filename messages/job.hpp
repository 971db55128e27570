#pragma once

#include "messages/home_day.hpp"
#include "messages/time.hpp"

#include <string>
#include <vector>

namespace habitd {

enum class job_outcome : std::uint8_t {
  running,
  ok,
  partial,
  failed,
  interrupted, // cut off by a crash or a stop: another job goes on with it
  cancelled,   // somebody asked for its end: what was done stays, the rest is left
};
constexpr int job_outcomes = 6;

/// The steps of an analysis, in order.
enum class analysis_phase : std::uint8_t { read, observe, check, conclude, suggest };
constexpr int analysis_phases = 5;

/// One step of a job as it went.
struct phase_result {
  analysis_phase phase{};
  bool ok = true;
  std::string problem; // empty if ok
  std::int64_t milliseconds = 0;
};

/// Rows of the source by what became of them when they were read.
struct read_counts {
  std::uint64_t stored = 0;
  std::uint64_t excluded = 0;     // by the entity filter
  std::uint64_t too_late = 0;     // of a sealed day whose raw events are gone
  std::uint64_t bad = 0;          // could not be parsed
  std::uint64_t out_of_range = 0; // before 1980 or after 2100
};

/// One run of a job; written before the work begins and after each phase.
struct job_record {
  std::string id; // starts with the UTC start time, so that ids sort by it
  std::string kind = "analysis";
  std::string trigger;       // "cli", "http", "schedule", "resume"
  std::string correlation{}; // UUID of its log lines, and of those of the job it resumes
  std::string resumes{};     // id of the interrupted job it goes on with; empty as a rule
  bool cancel_requested = false; // by somebody who was told that it will be
  bool stopped = false;          // interrupted by an orderly stop, and not by a crash
  wall_time started{};
  wall_time finished{}; // zero while running
  job_outcome outcome = job_outcome::running;
  std::vector<phase_result> phases;
  read_counts rows;
  std::vector<std::string> row_problems; // the first few, like "home.csv:17: no time"
  std::uint64_t days_observed = 0;
  std::uint64_t patterns = 0;
  std::uint64_t suggestions = 0;
  std::string problem; // the first one; empty if ok
};

} // namespace habitd
