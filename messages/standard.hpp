#pragma once

#include "messages/error.hpp"
#include "messages/time.hpp"

#include <caf/typed_actor.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace habitd {

/// How much a new version asks of those who know the old one; the rule is in
/// actors/standards/version_bump.hpp.
enum class version_bump : std::uint8_t { none, patch, minor, major };

/// One version of a document, without its text.
struct standard_version {
  std::uint32_t sequence = 0; // from 1, in the order they came; never given twice
  std::string version{};      // "1.4.2"; greater for each later one
  version_bump bump =
    version_bump::none;               // over the one that was current; none: the first
  std::vector<std::string> changes{}; // the change log, a line each
  std::string content_hash{};         // SHA-256 of the text, 64 hex digits
  std::string origin{};               // "shipped", "folder", "http", "research"
  wall_time created{};
};

/// A document and how it stands, without its text.
struct standard {
  std::string id{};              // "home-assistant/automations"; see `is_standard_id`
  std::string title{};           // for people
  std::string kind = "markdown"; // or "guide": each block of YAML in it can be read
  std::string
    source{}; // "https://…", "folder", "research"; empty: comes with habitd only
  std::string path{}; // of the file below the folder; empty: not from there

  std::uint32_t current = 0; // sequence of the version that is read
  std::uint32_t latest = 0;  // of the newest one: greater after a rollback
  std::string version{};     // of the current one
  std::string content_hash{};
  wall_time created{};
  wall_time last_updated{};

  bool auto_update_enabled = true;
  std::uint32_t freshness_threshold_days = 0; // 0 = as all

  wall_time last_attempt{};
  wall_time last_success{};   // of a refresh; also if the source had nothing new
  std::uint32_t failures = 0; // refreshes given up since the last success
  std::string last_error{};   // without secrets: it is listed

  // What the source told its state by, for the next question.
  std::string etag{};
  std::string last_modified{};
  bool operator==(const standard&) const = default;
};

/// How often a document was read.
struct standard_use {
  std::uint64_t access_count = 0;
  wall_time last_accessed{};
  bool operator==(const standard_use&) const = default;
};

/// Whether a document is stale, and may be refreshed then.
enum class freshness : std::uint8_t {
  fresh,
  stale,          // to be refreshed
  waiting,        // stale, but its last refresh failed not long ago
  switched_off,   // stale, but its switch or that of all is off
  without_source, // stale, and nowhere to refresh it from
};

enum class refresh_mode : std::uint8_t { background, blocking };

/// Asks for a document as somebody reads it, which counts.
struct read_standard {
  std::string id{};
  bool force = false; // refresh it, stale or not
  bool skip = false;  // don't, stale or not
  std::string correlation{};
};

struct standard_reading {
  standard document{};
  standard_use use{}; // this reading included
  std::string text{};
  freshness state = freshness::fresh;
  bool queued = false;    // a refresh is waiting or under way
  bool refreshed = false; // in blocking mode: just now
  std::string problem{};  // why it was not, in blocking mode
};

/// Asks how a document stands; not counted as reading it.
struct get_standard {
  std::string id{};
};

struct standard_status {
  standard document{};
  standard_use use{};
  freshness state = freshness::fresh;
  std::int64_t age_seconds = 0; // since it was last known to be up to date
  std::uint32_t threshold_days = 30;
  wall_time next_attempt{}; // not before, after failures; zero = at once
};

/// Asks for all documents, with their use so far.
struct list_standards {};

/// Stores the counts of readings that are only in memory.
struct flush_accesses {};

/// Answers readers, and counts them.
/// @errors ec::not_found for an id that no document has; else what the store says.
using access_actor =
  caf::typed_actor<caf::replies_to<read_standard>::with<standard_reading>,
                   caf::replies_to<get_standard>::with<standard_status>,
                   caf::replies_to<list_standards>::with<std::vector<standard_status>>,
                   caf::reacts_to<flush_accesses>>;

template <class Inspector>
auto inspect(Inspector& f, standard& x) {
  return f(caf::meta::type_name("standard"), x.id, x.title, x.kind, x.source, x.path,
           x.current, x.latest, x.version, x.content_hash, x.created, x.last_updated,
           x.auto_update_enabled, x.freshness_threshold_days, x.last_attempt,
           x.last_success, x.failures, x.last_error, x.etag, x.last_modified);
}
template <class Inspector>
auto inspect(Inspector& f, standard_use& x) {
  return f(caf::meta::type_name("standard_use"), x.access_count, x.last_accessed);
}
template <class Inspector>
auto inspect(Inspector& f, read_standard& x) {
  return f(caf::meta::type_name("read_standard"), x.id, x.force, x.skip, x.correlation);
}
template <class Inspector>
auto inspect(Inspector& f, standard_reading& x) {
  return f(caf::meta::type_name("standard_reading"), x.document, x.use, x.text, x.state,
           x.queued, x.refreshed, x.problem);
}
template <class Inspector>
auto inspect(Inspector& f, get_standard& x) {
  return f(caf::meta::type_name("get_standard"), x.id);
}
template <class Inspector>
auto inspect(Inspector& f, standard_status& x) {
  return f(caf::meta::type_name("standard_status"), x.document, x.use, x.state,
           x.age_seconds, x.threshold_days, x.next_attempt);
}
template <class Inspector>
auto inspect(Inspector& f, list_standards&) {
  return f(caf::meta::type_name("list_standards"));
}
template <class Inspector>
auto inspect(Inspector& f, flush_accesses&) {
  return f(caf::meta::type_name("flush_accesses"));
}

} // namespace habitd
