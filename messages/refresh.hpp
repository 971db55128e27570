#pragma once

#include "messages/standard.hpp"

#include <memory>
#include <stop_token>

namespace habitd {

/// A document that waits to be refreshed; at most one each.
struct refresh_entry {
  std::string id{};
  std::string trigger{}; // "access", "request"
  bool force = false;    // also if the document is fresh by then
  wall_time queued{};
  std::uint32_t attempts = 0; // begun so far
  wall_time next_attempt{};   // not before; zero = at once
  std::string last_error{};
  std::string correlation{}; // of who asked first, for logs
  bool operator==(const refresh_entry&) const = default;
};

/// Asks for a refresh. A document that waits for one, or is being refreshed, is joined.
struct queue_refresh {
  std::string id{};
  std::string trigger = "access";
  bool force = false; // also if it is fresh, or its own switch is off
  std::string correlation{};
};

struct refresh_ticket {
  bool queued = false; // waits or is under way; else there is nothing to do
  bool joined = false; // was there already
};

/// As `queue_refresh`, and answers when the next attempt has ended.
struct await_refresh {
  std::string id{};
  bool force = false;
  std::string correlation{};
};

enum class refresh_fate : std::uint8_t {
  updated,   // there is a new version
  unchanged, // the source has nothing new
  failed,    // what is stored stays
  needless,  // it is fresh, was cancelled or may not be refreshed
};

struct refresh_outcome {
  refresh_fate fate = refresh_fate::needless;
  std::string problem{}; // without secrets
};

/// Changes what may be set of a document; what is -1 stays.
struct change_standard {
  std::string id{};
  int auto_update_enabled = -1;               // 0 or 1
  std::int32_t freshness_threshold_days = -1; // 0 = as all
};

/// Makes another version of a document the current one, an earlier or a later one.
struct roll_back {
  std::string id{};
  std::string version{}; // empty = the one before the current one
};

/// Takes a document out of the queue; an attempt under way is broken off.
struct cancel_refresh {
  std::string id{};
};

struct list_refreshes {};

struct refresh_listing {
  refresh_entry entry{};
  bool running = false;
  std::uint32_t demand = 0;  // readings that asked for it since habitd began
  double urgency = 0;        // the greatest comes first
  std::string waiting_for{}; // "a free worker", "its next attempt", …; empty if it runs
};

struct refresh_status {
  bool enabled = true;
  std::vector<refresh_listing> entries{}; // in the order they will be taken
};

/// The switch of all refreshes at run time; it is stored.
struct switch_refreshes {
  bool on = true;
};

/// Keeps what waits for a refresh, has it done, and stores what comes of it. The only
/// writer of documents, but for the counts of readings.
/// @errors ec::not_found for an id, a version or an entry that is not there;
///         ec::invalid_input for a change that makes no sense; ec::busy if refreshes are
///         switched off; ec::unavailable from the store.
using refresh_actor =
  caf::typed_actor<caf::replies_to<queue_refresh>::with<refresh_ticket>,
                   caf::replies_to<await_refresh>::with<refresh_outcome>,
                   caf::replies_to<change_standard>::with<standard>,
                   caf::replies_to<roll_back>::with<standard>,
                   caf::replies_to<cancel_refresh>::with<refresh_ticket>,
                   caf::replies_to<list_refreshes>::with<refresh_status>,
                   caf::replies_to<switch_refreshes>::with<refresh_status>>;

/// One attempt to get the newest text of a document.
struct fetch_task {
  standard document{};
  std::string text{};                             // of the current version
  std::shared_ptr<const std::stop_source> stop{}; // requested: nobody waits any more
};

struct fetched_text {
  enum class kind : std::uint8_t {
    text,      // `text` is what the source has
    unchanged, // the source says that nothing is new
    failed,
  };
  kind what = kind::failed;
  std::string text{};
  std::string origin{}; // "http"
  std::string etag{};
  std::string last_modified{};
  std::uint64_t tokens = 0;      // of a model, all rounds
  std::string problem{};         // without secrets
  std::int64_t wait_seconds = 0; // before the next attempt, at least; the source asked
};

using provider_actor = caf::typed_actor<caf::replies_to<fetch_task>::with<fetched_text>>;

template <class Inspector>
auto inspect(Inspector& f, refresh_entry& x) {
  return f(caf::meta::type_name("refresh_entry"), x.id, x.trigger, x.force, x.queued,
           x.attempts, x.next_attempt, x.last_error, x.correlation);
}
template <class Inspector>
auto inspect(Inspector& f, queue_refresh& x) {
  return f(caf::meta::type_name("queue_refresh"), x.id, x.trigger, x.force,
           x.correlation);
}
template <class Inspector>
auto inspect(Inspector& f, refresh_ticket& x) {
  return f(caf::meta::type_name("refresh_ticket"), x.queued, x.joined);
}
template <class Inspector>
auto inspect(Inspector& f, await_refresh& x) {
  return f(caf::meta::type_name("await_refresh"), x.id, x.force, x.correlation);
}
template <class Inspector>
auto inspect(Inspector& f, refresh_outcome& x) {
  return f(caf::meta::type_name("refresh_outcome"), x.fate, x.problem);
}
template <class Inspector>
auto inspect(Inspector& f, change_standard& x) {
  return f(caf::meta::type_name("change_standard"), x.id, x.auto_update_enabled,
           x.freshness_threshold_days);
}
template <class Inspector>
auto inspect(Inspector& f, roll_back& x) {
  return f(caf::meta::type_name("roll_back"), x.id, x.version);
}
template <class Inspector>
auto inspect(Inspector& f, cancel_refresh& x) {
  return f(caf::meta::type_name("cancel_refresh"), x.id);
}
template <class Inspector>
auto inspect(Inspector& f, list_refreshes&) {
  return f(caf::meta::type_name("list_refreshes"));
}
template <class Inspector>
auto inspect(Inspector& f, refresh_listing& x) {
  return f(caf::meta::type_name("refresh_listing"), x.entry, x.running, x.demand,
           x.urgency, x.waiting_for);
}
template <class Inspector>
auto inspect(Inspector& f, refresh_status& x) {
  return f(caf::meta::type_name("refresh_status"), x.enabled, x.entries);
}
template <class Inspector>
auto inspect(Inspector& f, switch_refreshes& x) {
  return f(caf::meta::type_name("switch_refreshes"), x.on);
}
template <class Inspector>
auto inspect(Inspector& f, fetched_text& x) {
  return f(caf::meta::type_name("fetched_text"), x.what, x.text, x.origin, x.etag,
           x.last_modified, x.tokens, x.problem, x.wait_seconds);
}

} // namespace habitd

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(habitd::fetch_task) // holds a stop source
