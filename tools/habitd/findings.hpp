#pragma once

#include "messages/analysis_counts.hpp"
#include "messages/pattern.hpp"
#include "messages/suggestion.hpp"
#include "storage/home_store.hpp"

#include <string>
#include <vector>

namespace habitd {

/// Everything an analysis has to tell.
struct findings {
  std::vector<pattern> patterns;
  std::vector<suggestion> suggestions;
  day_counts rows; // of all observed days together
  std::optional<local_day> first_day;
  std::optional<local_day> last_day;
  std::uint64_t days = 0; // with rows
  std::uint64_t entities = 0;
  job_record job;
  std::string source; // "HA recorder, schema 53"
  std::string time_zone;
  double cpu_seconds = 0;
  double wall_seconds = 0;
  std::uint64_t peak_rss_bytes = 0;
};

/// What the store holds after an analysis; job, source and timing are the caller's to fill.
expected<findings> load_findings(const home_store& store);

/// For people: what was found, what could be automated, what became of the rows.
/// @param colour  with ANSI colours.
std::string findings_text(const findings& all, bool colour);

/// One JSON object: `patterns`, `suggestions`, `input`, `timing`.
std::string findings_json(const findings& all);

} // namespace habitd
