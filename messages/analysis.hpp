#pragma once

#include "messages/analysis_counts.hpp"
#include "messages/error.hpp"
#include "messages/home_day.hpp"
#include "messages/job_control.hpp"
#include "messages/pattern.hpp"
#include "messages/suggestion.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <array>
#include <memory>
#include <string_view>
#include <vector>

namespace habitd {

/// Reads the next page of the source into the store, all of it or nothing.
struct read_page {};
struct page_stored {
  read_counts counts;  // of this page
  double progress = 0; // 0 … 1 of the source
  bool at_end = false;
  std::vector<std::string> problems; // the first few rows that were left out, at the end
};

/// Cleans one stored day for the detectors.
struct load_day {
  local_day day;
};

/// Brings events into the store and days out of it.
using event_log_actor = caf::typed_actor<caf::replies_to<read_page>::with<page_stored>,
                                         caf::replies_to<load_day>::with<home_day_ptr>>;

/// Observes one day and stages its aggregate.
struct observe_day {
  home_day_ptr day;
};

/// A detector's aggregate of one day, ready to be stored.
struct day_observed {
  std::uint8_t detector = 0; // detector_id
  local_day day;
  std::vector<std::pair<std::uint32_t, std::string>> parts;
};

/// Runs the next weekly check that the sealed days have made due.
struct run_check {};
struct check_done {
  bool was_due = false; // false: the checks are up to date
};

/// Concludes from the window that ends with the last sealed day.
struct conclude_patterns {};
using pattern_list = std::shared_ptr<const std::vector<pattern>>;

/// Sets aside what the detector has stored and can't read any more.
struct verify_stored {};
struct stored_verified {
  std::vector<local_day> unreadable; // days, which it has not observed from now on
  std::string problem;               // of the first one
};

/// Runs one detector.
using detector_actor =
  caf::typed_actor<caf::replies_to<observe_day>::with<day_observed>,
                   caf::replies_to<run_check>::with<check_done>,
                   caf::replies_to<conclude_patterns>::with<pattern_list>,
                   caf::replies_to<verify_stored>::with<stored_verified>>;

/// Makes suggestions of patterns, best first.
struct make_suggestions {
  pattern_list patterns;
};
using suggestion_list = std::shared_ptr<const std::vector<suggestion>>;

/// Back-tests patterns and renders automations.
using suggestion_actor =
  caf::typed_actor<caf::replies_to<make_suggestions>::with<suggestion_list>>;

/// The phases of an analysis, in order.
inline constexpr std::array<std::string_view, 5> analysis_phase_words{
  "read", "observe", "check", "conclude", "suggest"};

template <class Inspector>
auto inspect(Inspector& f, read_page&) {
  return f(caf::meta::type_name("read_page"));
}
template <class Inspector>
auto inspect(Inspector& f, page_stored& x) {
  return f(caf::meta::type_name("page_stored"), x.counts.stored, x.counts.excluded,
           x.counts.too_late, x.counts.bad, x.counts.out_of_range, x.progress, x.at_end,
           x.problems);
}
template <class Inspector>
auto inspect(Inspector& f, load_day& x) {
  return f(caf::meta::type_name("load_day"), x.day);
}
template <class Inspector>
auto inspect(Inspector& f, day_observed& x) {
  return f(caf::meta::type_name("day_observed"), x.detector, x.day, x.parts);
}
template <class Inspector>
auto inspect(Inspector& f, run_check&) {
  return f(caf::meta::type_name("run_check"));
}
template <class Inspector>
auto inspect(Inspector& f, check_done& x) {
  return f(caf::meta::type_name("check_done"), x.was_due);
}
template <class Inspector>
auto inspect(Inspector& f, conclude_patterns&) {
  return f(caf::meta::type_name("conclude_patterns"));
}
template <class Inspector>
auto inspect(Inspector& f, verify_stored&) {
  return f(caf::meta::type_name("verify_stored"));
}
template <class Inspector>
auto inspect(Inspector& f, stored_verified& x) {
  return f(caf::meta::type_name("stored_verified"), x.unreadable, x.problem);
}

} // namespace habitd

// Pointers to immutable data, passed within the process only.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(habitd::home_day_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(habitd::pattern_list)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(habitd::suggestion_list)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(habitd::observe_day)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(habitd::make_suggestions)
