#pragma once

#include "messages/home_day.hpp"
#include "messages/pattern.hpp"
#include "storage/aggregate_store.hpp"
#include "storage/day_record.hpp"

#include <functional>
#include <map>
#include <span>

namespace habitd {

/// Stored daily aggregates as a detector reads them: from a database snapshot in the
/// product, from memory in the quality harness.
struct aggregate_history {
  std::map<local_day, day_record> days; // sealed days only, with their exposure

  /// One part of one day; `ec::not_found` if the day has none.
  std::function<expected<std::string>(local_day, std::uint32_t part)> part;

  /// All parts of one day, ascending; stops when `visit` returns false.
  std::function<error(local_day,
                      const std::function<bool(std::uint32_t, std::string_view)>& visit)>
    scan;
};

/// Entity id of a number, for results and for breaking ties: numbers depend on the order
/// of arrival, names don't.
using entity_names = std::function<std::string(entity_number)>;

/// What a detector remembers from one weekly check to the next: its candidates, confirmed
/// and retired habits, packed. Empty before the first check.
using lifecycle_state = std::string;

/// A detector: pure functions over counts that add up (docs/architecture.md).
struct detector {
  detector_id id{};
  const char* name = ""; // "time_of_day"

  /// Of its stored parts; another number, and days are observed anew while their rows are
  /// there.
  std::uint8_t format = 1;

  /// One day's aggregate, in parts, for every entity or pair seen.
  std::function<std::vector<aggregate_part>(const home_day& day)> observe;

  /// Whether a stored part can still be read, by everything that reads it.
  /// @errors ec::corrupt_data.
  std::function<error(std::uint32_t part, std::string_view bytes)> verify;

  /// The weekly check on the evening of `check`: finds candidates in the window that ends
  /// with it, confirms earlier ones on the days after they were found, retires faded ones.
  /// A pure function of its arguments, so a re-opened day is healed by checking again.
  std::function<expected<lifecycle_state>(const aggregate_history& history,
                                          local_day check, const lifecycle_state& before,
                                          const entity_names& names)>
    check;

  /// Today's patterns: candidates and confirmed habits of `state` with strengths refreshed
  /// from the window that ends with `last`; ordered by name and time, never by number.
  std::function<expected<std::vector<pattern>>(
    const aggregate_history& history, local_day last, const lifecycle_state& state,
    const entity_names& names)>
    conclude;
};

constexpr double candidate_q = 0.05; // false-discovery rate that makes a candidate
constexpr int window_days = 28;      // what check and conclude look back on
constexpr int check_every_days = 7;

detector time_of_day_detector();
detector co_occurrence_detector();

/// All detectors, in the order in which they are reported.
std::span<const detector> all_detectors();

} // namespace habitd
