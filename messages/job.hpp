#pragma once

#include "messages/time.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
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

/// How one phase of a job went.
struct phase_result {
  std::string phase;
  bool ok = true;
  std::string problem; // empty if ok
  std::int64_t milliseconds = 0;
  bool operator==(const phase_result&) const = default;
};

using job_counts = std::map<std::string, std::uint64_t, std::less<>>;

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
  std::vector<phase_result> phases; // those that ended, in order
  job_counts counts;                // of what the phases did, by name
  std::vector<std::string> notes;   // the first few left out, like "home.csv:17: no time"
  std::string bookmark{}; // the kind's own: where a job that resumes this one goes on
  std::string problem;    // the first one; empty if ok
};

/// Zero if nobody counted it.
inline std::uint64_t count_of(const job_record& job, std::string_view name) {
  const auto found = job.counts.find(name);
  return found == job.counts.end() ? 0 : found->second;
}

} // namespace habitd
