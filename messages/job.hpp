#pragma once

#include "messages/home_day.hpp"
#include "messages/time.hpp"

#include <string>
#include <vector>

namespace habitd {

enum class job_outcome : std::uint8_t { running, ok, partial, failed, interrupted };

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

/// One run of a job; written before the work begins and after each phase.
struct job_record {
  std::string id; // starts with the UTC start time, so that ids sort by it
  std::string kind = "analysis";
  std::string trigger; // "cli", "http", "schedule"
  wall_time started{};
  wall_time finished{}; // zero while running
  job_outcome outcome = job_outcome::running;
  std::vector<phase_result> phases;
  std::uint64_t rows_read = 0;
  std::uint64_t days_observed = 0;
  std::uint64_t patterns = 0;
  std::uint64_t suggestions = 0;
  std::string problem; // the first one; empty if ok
};

} // namespace habitd
