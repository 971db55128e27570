#pragma once

#include "messages/automation.hpp"
#include "messages/home_day.hpp"
#include "messages/pattern.hpp"
#include "messages/period.hpp"
#include "messages/suggestion.hpp"
#include "storage/aggregate_store.hpp"
#include "storage/day_store.hpp"

#include <functional>
#include <map>
#include <span>

namespace habitd {

/// Stored aggregates as a detector reads them: from a database snapshot in the product, from
/// memory in the quality harness.
struct aggregate_history {
  std::map<local_day, day_record> days; // sealed days only, with their exposure

  /// One part of one period; `ec::not_found` if it has none.
  std::function<expected<std::string>(period, std::uint32_t part)> part;

  /// All parts of one period, ascending; stops when `visit` returns false.
  std::function<error(period,
                      const std::function<bool(std::uint32_t, std::string_view)>& visit)>
    scan;
};

/// Entity id of a number, for results and for breaking ties: numbers depend on the order
/// of arrival, names don't.
using entity_names = std::function<std::string(entity_number)>;

/// The number of an entity id; 0 if the store has never seen it.
using entity_numbers = std::function<entity_number(const std::string&)>;

/// What a detector remembers from one weekly check to the next: its candidates, confirmed
/// and retired habits, packed. Empty before the first check.
using lifecycle_state = std::string;

/// A pattern in words, for people.
struct pattern_words {
  std::string title;    // of its automation: "Turn on Lamp at 07:00 every day"
  std::string headline; // what was seen: "Lamp was turned on around 07:00 every day"
  std::string reason;   // whole sentences, with the evidence
  std::string figures;  // the evidence in short: "12 of 14 days, within 9 min"
  std::string order;    // patterns of one detector are listed by it, then by name
};

/// A detector: pure functions over counts that add up (docs/architecture.md). Everything from
/// `describe` on may be missing.
struct detector {
  detector_id id{};
  const char* name = ""; // "time_of_day"

  /// One day's aggregate, in parts, for every entity or pair seen.
  std::function<std::vector<aggregate_part>(const home_day& day)> observe;

  /// Both of two aggregates of one part, of any periods: associative, commutative, exact.
  /// @errors ec::corrupt_data.
  std::function<expected<std::string>(std::string_view a, std::string_view b)> merge;

  /// Whether a stored part of one day can still be read, by everything that reads it.
  /// @errors ec::corrupt_data.
  std::function<error(std::uint32_t part, std::string_view bytes)> verify;

  /// Likewise for what it remembered at a check.
  std::function<error(const lifecycle_state&)> verify_state;

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

  std::function<pattern_words(const pattern&)> describe;

  /// What the pattern's automation would have done on the stored days.
  std::function<expected<back_test>(const pattern&, const aggregate_history& history,
                                    const entity_numbers& numbers)>
    replay;

  /// The automation that does what the pattern shows; nothing if that can't be switched.
  std::function<std::optional<automation>(const pattern&)> propose;
};

constexpr double candidate_q = 0.05; // false-discovery rate that makes a candidate
constexpr int window_days = 28;      // what check and conclude look back on
constexpr int check_every_days = 7;

/// `conclude` without what today's window no longer shows: a finding whose q is above 5 % today
/// is no finding, whatever it was when it was confirmed.
expected<std::vector<pattern>>
patterns_today(const detector& of, const aggregate_history& history, local_day last,
               const lifecycle_state& state, const entity_names& names);

/// All detectors, in the order in which they are reported.
std::span<const detector> all_detectors();

/// Null for a name that no detector has.
const detector* find_detector(std::string_view name);

/// A pattern in the words of its detector; in few words if it has none for it.
pattern_words words_of(const pattern& found);

} // namespace habitd
