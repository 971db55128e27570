#pragma once

#include "messages/error.hpp"
#include "messages/time.hpp"

#include <caf/typed_actor.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace habitd {

enum class severity : std::uint8_t { info, warning, critical };

/// A condition that somebody should know of, from when it was raised until it was cleared.
/// One that comes back later is another alert.
struct alert {
  std::string code{};    // "job_failed": what kind of condition
  std::string subject{}; // "analysis": which job, target or branch
  std::string text{};    // for people, as of `last_seen`; without secrets
  severity level = severity::warning;
  wall_time raised{};
  wall_time last_seen{};
  wall_time cleared{};     // zero while it is active
  std::uint64_t count = 1; // times it was raised before it was cleared
  bool operator==(const alert&) const = default;
};

/// Raises an alert, or refreshes the active one with the same code and subject.
struct raise_alert {
  std::string code{};
  std::string subject{};
  std::string text{};
  severity level = severity::warning;
};

/// Clears the active alert with this code and subject, if there is one.
struct clear_alert {
  std::string code{};
  std::string subject{};
};

/// Keeps the alerts of a home and tells the configured targets when one is raised or cleared.
using alert_actor =
  caf::typed_actor<caf::reacts_to<raise_alert>, caf::reacts_to<clear_alert>>;

template <class Inspector>
auto inspect(Inspector& f, alert& x) {
  return f(caf::meta::type_name("alert"), x.code, x.subject, x.text, x.level, x.raised,
           x.last_seen, x.cleared, x.count);
}
template <class Inspector>
auto inspect(Inspector& f, raise_alert& x) {
  return f(caf::meta::type_name("raise_alert"), x.code, x.subject, x.text, x.level);
}
template <class Inspector>
auto inspect(Inspector& f, clear_alert& x) {
  return f(caf::meta::type_name("clear_alert"), x.code, x.subject);
}

} // namespace habitd
