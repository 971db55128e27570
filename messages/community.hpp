#pragma once

#include "messages/blueprint.hpp"
#include "messages/time.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace habitd {

/// How the text of a topic is written.
enum class body_form : std::uint8_t {
  yaml,     // a file: nothing but the blueprint
  markdown, // a post's `raw`
  html,     // a post's `cooked`
};

/// A topic of a forum, a file of a folder or archive, or what an import link led to, as it
/// was read from its source. Untrusted in every field.
struct fetched_topic {
  std::string source{};    // "forum", "gist", "github", "folder", …: [a-z0-9_-]
  std::string source_id{}; // unique and stable within the source: "253804", a path, a URL
  std::string url{};       // for people, and what Home Assistant is given to import
  std::string title{};
  std::string author{};
  body_form form = body_form::yaml;
  std::string body{};        // of the first post; UTF-8 as a rule, but unchecked
  std::string cooked{};      // of the first post too, if `body` is its `raw`; else empty
  bool voted = true;         // false: its source knows no likes, as a folder
  std::uint32_t votes = 0;   // likes of the first post, else of the topic
  std::uint32_t version = 1; // of the first post: greater after each edit
  wall_time created{};
  wall_time updated{}; // when the first post was last edited; zero = unknown
  wall_time bumped{};  // server's time of the last activity; zero = unknown
  std::string category{};
  std::vector<std::string> tags{};
  std::vector<std::string> links{}; // import links found in it, absolute
  bool operator==(const fetched_topic&) const = default;
};

/// What a list page says about a topic, whether or not the topic itself was read.
struct topic_sighting {
  std::string source{};
  std::string source_id{};
  std::uint32_t votes = 0;
  wall_time bumped{};
  bool operator==(const topic_sighting&) const = default;
};

/// A topic that its source said is gone, often enough to believe it.
struct gone_topic {
  std::string source{};
  std::string source_id{};
  std::string reason{}; // "404 on 2026-11-22 and 2026-11-25"
  bool operator==(const gone_topic&) const = default;
};

/// Where reading a source goes on the next time; becomes true with the commit of the plan.
struct source_cursor {
  std::string source{};
  std::string cursor{}; // opaque to all but its source
  bool operator==(const source_cursor&) const = default;
};

/// A place where a topic that did not parse says why.
struct parse_failure {
  std::string source{};
  std::string source_id{};
  std::string title{};
  std::size_t block = 0; // which code block, from 0
  std::size_t line = 1;  // in the block
  std::size_t column = 1;
  std::string reason{};
  bool operator==(const parse_failure&) const = default;
};

/// What is wanted of an automation, as people sort them (spec CO-2).
enum class use_case : std::uint8_t { convenience, comfort, energy, security };

/// Another entry that this one stands for.
struct absorbed_entry {
  std::string id{};
  std::string title{};
  std::string url{};
  bool operator==(const absorbed_entry&) const = default;
};

/// A community blueprint or automation with its quality: one of the corpus.
struct corpus_entry {
  std::string id{};     // stable: a hash of source, source id and number of the block
  std::string source{}; // of the fetched topic
  std::string source_id{};
  std::uint32_t block = 0; // which blueprint of the topic, from 0
  std::string url{};
  std::string title{}; // of the topic; of a file its name or that of the blueprint
  std::string author{};
  std::string category{};
  std::vector<std::string> tags{};
  wall_time created{};
  wall_time updated{}; // zero = never edited
  std::uint32_t version = 1;

  blueprint_facts facts{}; // all that its YAML says

  use_case purpose = use_case::convenience;
  double complexity = 0;   // [0, 1]
  double completeness = 0; // [0, 1]
  double quality = 0;      // [0, 1]
  bool voted = true;       // false: its source knows no likes, so no rule asks for them
  std::uint32_t votes = 0;
  double votes_per_day = 0; // gained of late
  bool trending = false;
  bool importable = false; // by its URL, by Home Assistant's own importer

  std::string content_hash{}; // of its normalised YAML
  wall_time added{};          // to this corpus
  wall_time changed{};        // in this corpus
  std::vector<absorbed_entry> absorbed{};
  std::vector<std::string> exempt{}; // rules that may not take it again: it was restored
  bool operator==(const corpus_entry&) const = default;
};

/// An entry with what is needed beside it once a refresh: not what a question needs.
struct parsed_entry {
  corpus_entry entry{};
  std::string yaml{};
  std::vector<std::uint32_t> shingles{}; // ascending, distinct
  bool operator==(const parsed_entry&) const = default;
};

/// Votes of an entry on a day.
struct vote_count {
  std::int32_t day = 0; // days since 1970-01-01, UTC
  std::uint32_t votes = 0;
  bool operator==(const vote_count&) const = default;
};

enum class corpus_operation : std::uint8_t {
  add,
  update,  // its text changed
  remove,  // its source has it no longer
  prune,   // a rule took it
  restore, // somebody took it back
};
constexpr int corpus_operations = 5;

/// One line of the audit log.
struct audit_row {
  wall_time at{};
  corpus_operation operation{};
  std::string id{};
  std::string source{};
  std::string source_id{};
  std::string title{};
  double quality_before = 0; // 0 if it was not there
  double quality_after = 0;  // 0 if it is not there any more
  std::string rule{};   // "low_quality", "duplicate_title", …; empty for add, update
  std::string reason{}; // for people
  std::string correlation{}; // of the job
  bool operator==(const audit_row&) const = default;
};

/// A soft-deleted entry, which can be restored for 30 days.
struct deleted_entry {
  corpus_entry entry{};
  wall_time at{};
  std::string rule{};
  std::string reason{};
  bool operator==(const deleted_entry&) const = default;
};

/// What a refresh did, for history, metrics and alerts.
struct refresh_summary {
  std::string job{};
  wall_time started{};
  wall_time finished{};
  bool ok = false;
  std::uint64_t topics = 0; // read with their text
  std::uint64_t blocks = 0; // blueprints tried
  std::uint64_t parse_failures = 0;
  std::uint64_t missed = 0; // topics that could not be read
  std::uint64_t added = 0;
  std::uint64_t updated = 0;
  std::uint64_t pruned = 0;
  std::uint64_t removed = 0;
  std::uint64_t total = 0; // live entries afterwards
  double mean_quality = 0;
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0; // transferred
  std::string problem{};
  bool operator==(const refresh_summary&) const = default;
};

/// One run's facts: what the sources said and what the parser made of it.
struct refresh_facts {
  std::vector<parsed_entry> parsed{};  // of all topics that were read
  std::vector<fetched_topic> topics{}; // that were read, without body
  std::vector<topic_sighting> sightings{};
  std::vector<gone_topic> gone{};
  std::vector<std::string> complete{}; // sources read in whole: what they lack is gone
  std::vector<parse_failure> failures{};
  std::vector<source_cursor> cursors{};
  std::uint64_t missed = 0;
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;
};

/// A change of one entry, with the reason that the audit log will give.
struct planned_change {
  audit_row why{};      // without time and correlation
  parsed_entry after{}; // of add and update; of others only the entry, as it was
};

/// The next corpus as a difference to the old one: what a commit writes in one batch.
struct corpus_plan {
  std::vector<planned_change> changes{}; // at most one per entry
  std::vector<corpus_entry> rescored{};  // same text, other votes, quality or trend
  std::vector<audit_row> skipped{};      // new ones that a rule would take at once
  std::vector<std::pair<std::string, vote_count>> votes{}; // by entry id
  std::vector<source_cursor> cursors{};
  refresh_summary summary{};
};

} // namespace habitd
