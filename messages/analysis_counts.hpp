#pragma once

#include "messages/job.hpp"

#include <array>
#include <string>
#include <string_view>

namespace habitd {

/// Rows of the source by what became of them when they were read.
struct read_counts {
  std::uint64_t stored = 0;
  std::uint64_t excluded = 0;     // by the entity filter
  std::uint64_t too_late = 0;     // of a sealed day whose raw events are gone
  std::uint64_t bad = 0;          // could not be parsed
  std::uint64_t out_of_range = 0; // before 1980 or after 2100
};

/// What an analysis counts, as its record names it.
namespace analysis_count {
inline constexpr std::string_view days = "days_observed";
inline constexpr std::string_view patterns = "patterns";
inline constexpr std::string_view suggestions = "suggestions";

struct rows_entry {
  std::string_view name;
  std::uint64_t read_counts::*field;
};
inline constexpr std::array rows{
  rows_entry{"rows_stored", &read_counts::stored},
  rows_entry{"rows_excluded", &read_counts::excluded},
  rows_entry{"rows_too_late", &read_counts::too_late},
  rows_entry{"rows_bad", &read_counts::bad},
  rows_entry{"rows_out_of_range", &read_counts::out_of_range},
};
} // namespace analysis_count

inline read_counts rows_of(const job_record& job) {
  read_counts rows;
  for (const auto& [name, field] : analysis_count::rows)
    rows.*field = count_of(job, name);
  return rows;
}

inline void set_rows(job_counts& counts, const read_counts& rows) {
  for (const auto& [name, field] : analysis_count::rows)
    counts[std::string{name}] = rows.*field;
}

} // namespace habitd
