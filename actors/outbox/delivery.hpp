#pragma once

#include "messages/outbox.hpp"
#include "storage/outbox_store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace habitd {

/// How one attempt to deliver an entry ended.
struct delivery_result {
  enum class kind : std::uint8_t {
    delivered, // the target has it
    failed,    // the target may take it later
    refused,   // the target will never take it
  };
  kind how = kind::delivered;
  std::string problem{}; // without secrets: it is stored and listed
  std::optional<std::chrono::seconds> retry_after; // what the target asked for
};

/// Gives one entry to its target; blocks, at most for a limit of its own.
using deliver_entry = std::function<delivery_result(const outbox_entry&)>;

struct delivery_policy {
  std::chrono::milliseconds min_backoff{1'000}; // doubled with every attempt of an entry
  std::chrono::milliseconds max_backoff{300'000};
  double jitter = 0.2; // adds up to this share

  /// The most that is waited because a target asks for it: one that says a year must not
  /// silence a home.
  std::chrono::milliseconds longest_wait{3'600'000};

  std::chrono::milliseconds max_age{24 * 3'600'000};
  /// Before an entry is too old: after a long time off, or a clock that was set, what was
  /// hardly tried is not given up. Ten attempts take 8.5 minutes.
  std::uint32_t min_attempts = 10;
  std::uint32_t max_attempts = 500; // where the clock stands still
};

enum class fate : std::uint8_t { delivered, again, dead };

/// What becomes of an entry after an attempt.
struct settlement {
  fate what = fate::delivered;
  outbox_entry entry;                // as it is to be stored
  std::chrono::milliseconds wait{0}; // before the next attempt, if `again`
};

/// @param random  uniform in [0, 1).
settlement settle(outbox_entry entry, const delivery_result& result, wall_time now,
                  const delivery_policy& policy, double random);

/// How long to wait before the next attempt, as seen after a restart.
/// @returns  0 to `longest_wait`, whatever the clock did since.
std::chrono::milliseconds time_left(const outbox_entry& entry, wall_time now,
                                    const delivery_policy& policy);

error stage_settlement(const outbox_store& outbox, batch& changes,
                       const settlement& settled);

/// What an answer with this HTTP status means. Redirects count as failures that pass: the
/// login page of a hotel's network is one.
delivery_result::kind meaning_of_status(int status);

} // namespace habitd
