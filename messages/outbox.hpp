#pragma once

#include "messages/error.hpp"
#include "messages/time.hpp"

#include <caf/typed_actor.hpp>

#include <cstdint>
#include <string>

namespace habitd {

/// Something to tell a target outside, kept until the target has taken it.
struct outbox_entry {
  std::uint64_t sequence =
    0;                  // ascending, never given twice; receivers know repeats by it
  std::string target{}; // "file", "webhook": [a-z0-9_-], 1 to 32 characters
  /// What it is about, for targets that tell things apart: "alert", "suggestion", or what has
  /// ended, like "analysis_complete".
  std::string subject = "alert";
  std::string content_type = "application/json";
  std::string payload{};
  std::string correlation_id{}; // what it tells about, for logs
  wall_time created{};
  std::uint32_t attempts = 0; // so far
  wall_time next_attempt{};   // not before; zero = at once
  std::string last_error{};   // without secrets: it is listed
  bool dead = false;          // set aside for good, until somebody retries it
  bool operator==(const outbox_entry&) const = default;
};

/// Said after entries were committed, so that they leave at once. What is lost of it costs a
/// minute at most: couriers also look by themselves.
struct outbox_changed {};

/// Puts a dead letter back in line, as if it had never been tried.
/// @errors ec::not_found if no dead letter has that sequence; ec::invalid_input if its
///         target is not configured any more.
struct retry_dead_letter {
  std::uint64_t sequence = 0;
};

/// Answers `retry_dead_letter` with the entry's target.
using outbox_actor =
  caf::typed_actor<caf::reacts_to<outbox_changed>,
                   caf::replies_to<retry_dead_letter>::with<std::string>>;

/// Delivers the entries of one target, one after the other.
using courier_actor = caf::typed_actor<caf::reacts_to<outbox_changed>>;

template <class Inspector>
auto inspect(Inspector& f, outbox_changed&) {
  return f(caf::meta::type_name("outbox_changed"));
}
template <class Inspector>
auto inspect(Inspector& f, retry_dead_letter& x) {
  return f(caf::meta::type_name("retry_dead_letter"), x.sequence);
}

} // namespace habitd
