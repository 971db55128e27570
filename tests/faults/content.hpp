#pragma once

#include "storage/home_store.hpp"

#include <cstdint>
#include <map>

namespace habitd::faults {

/// What a store holds: all but job records as one number, for comparing; job records as they
/// are, since their times and number depend on what disturbed them.
struct content {
  std::uint64_t digest = 0; // FNV-1a over families, keys and values
  std::uint64_t rows = 0;   // of raw events
  std::uint64_t patterns = 0;
  std::map<std::string, std::string> jobs; // JSON by id

  bool same_as(const content& other) const { return digest == other.digest; }
};

expected<content> content_of(const home_store& store);

/// What analyses left, a number for each family: events, entities, days, aggregates, checks,
/// patterns and suggestions. Days count without how often they were sealed, which depends on
/// when.
using findings = std::map<std::string, std::uint64_t>;
expected<findings> findings_of(const home_store& store);

/// The families in which two differ, like "days, lifecycle"; empty if in none.
std::string difference(const findings& a, const findings& b);

/// What is wrong with the records of a store after its jobs ended, or were closed; empty if
/// nothing is.
std::string wrong_with_jobs(const content& stored);

/// What is missing of job records that were acknowledged; empty if nothing is. A record
/// may have gone on by the one write that was under way.
std::string missing_jobs(const content& acknowledged, const content& found);

} // namespace habitd::faults
