#pragma once

#include "messages/community.hpp"
#include "messages/error.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace habitd {

// What the workers of a refresh are told. Large things travel by pointer, within the process.

/// Reads all YAML of a folder, archive or file; blocks.
struct read_file_source {
  std::string path{};
};
struct file_source_read {
  std::string source{}; // read in whole
  std::vector<std::shared_ptr<const fetched_topic>> topics{};
};
using file_reader_actor =
  caf::typed_actor<caf::replies_to<read_file_source>::with<file_source_read>>;

/// Reads the blueprints of one topic.
struct parse_one_topic {
  std::shared_ptr<const fetched_topic> topic{};
};
struct topic_parsed {
  std::vector<parsed_entry> entries{}; // not yet judged by votes and age
  std::vector<parse_failure> failures{};
};
using topic_parsed_ptr = std::shared_ptr<const topic_parsed>;
using parser_actor =
  caf::typed_actor<caf::replies_to<parse_one_topic>::with<topic_parsed_ptr>>;

/// Plans the next corpus from what is stored and what a run found.
struct make_plan {
  std::shared_ptr<const refresh_facts> facts{};
};
using corpus_plan_ptr = std::shared_ptr<const corpus_plan>;

/// Writes a plan, in one batch.
struct commit_plan {
  corpus_plan_ptr plan{};
  std::string job{};
  std::string correlation{};
  wall_time started{};
  std::string staged{}; // the job whose staged topics end with it; empty = none
};
struct plan_committed {
  std::uint64_t added = 0;
  std::uint64_t total = 0;
};

/// Takes a deleted entry back. `ec::not_found` if it is not among them.
struct restore_deleted {
  std::string id{};
  std::string correlation{};
};
struct entry_restored {
  std::string json{}; // of the entry
};

/// Removes for good what was deleted more than 30 days ago, and what else is too old.
struct clean_up_corpus {};
struct corpus_cleaned_up {
  std::uint64_t entries = 0;
  std::uint64_t votes = 0;
};

/// The only one that writes the corpus of a running daemon.
using pruner_actor =
  caf::typed_actor<caf::replies_to<make_plan>::with<corpus_plan_ptr>,
                   caf::replies_to<commit_plan>::with<plan_committed>,
                   caf::replies_to<restore_deleted>::with<entry_restored>,
                   caf::replies_to<clean_up_corpus>::with<corpus_cleaned_up>>;

/// The corpus changed: what readers work with is made anew. Answered when it is in place.
struct corpus_changed {
  std::uint64_t added = 0;
};
/// Another miner of this home has added entries: answers from the caches are dropped.
struct miner_updated {
  std::uint64_t added = 0;
};
struct caches_dropped {
  bool analysis_follows = false; // in five minutes: more than 100 were added
};
using cache_invalidator_actor =
  caf::typed_actor<caf::replies_to<corpus_changed>::with<caches_dropped>,
                   caf::replies_to<miner_updated>::with<caches_dropped>>;

template <class Inspector>
auto inspect(Inspector& f, read_file_source& x) {
  return f(caf::meta::type_name("read_file_source"), x.path);
}
template <class Inspector>
auto inspect(Inspector& f, plan_committed& x) {
  return f(caf::meta::type_name("plan_committed"), x.added, x.total);
}
template <class Inspector>
auto inspect(Inspector& f, restore_deleted& x) {
  return f(caf::meta::type_name("restore_deleted"), x.id, x.correlation);
}
template <class Inspector>
auto inspect(Inspector& f, entry_restored& x) {
  return f(caf::meta::type_name("entry_restored"), x.json);
}
template <class Inspector>
auto inspect(Inspector& f, clean_up_corpus&) {
  return f(caf::meta::type_name("clean_up_corpus"));
}
template <class Inspector>
auto inspect(Inspector& f, corpus_cleaned_up& x) {
  return f(caf::meta::type_name("corpus_cleaned_up"), x.entries, x.votes);
}
template <class Inspector>
auto inspect(Inspector& f, corpus_changed& x) {
  return f(caf::meta::type_name("corpus_changed"), x.added);
}
template <class Inspector>
auto inspect(Inspector& f, miner_updated& x) {
  return f(caf::meta::type_name("miner_updated"), x.added);
}
template <class Inspector>
auto inspect(Inspector& f, caches_dropped& x) {
  return f(caf::meta::type_name("caches_dropped"), x.analysis_follows);
}

} // namespace habitd

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(habitd::file_source_read)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(habitd::parse_one_topic)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(habitd::topic_parsed_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(habitd::make_plan)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(habitd::corpus_plan_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(habitd::commit_plan)
