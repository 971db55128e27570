#pragma once

#include "actors/community/commit_plan.hpp"
#include "actors/community/plan_refresh.hpp"
#include "config/community_config.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace habitd {

// The steps of a refresh, as the job and the command line take them.

corpus_rules rules_of(const community_config& settings);

/// Told how many topics were read, now and then.
using tell_topics = std::function<void(std::size_t topics)>;

/// Adds the parsed topics of one folder, archive or file to the facts.
/// @param since  files that were changed before are left out, and then the source is not
///               taken for complete; zero = all.
/// @errors those of `read_files`: the facts are as they were before.
error gather_files(refresh_facts& facts, const std::filesystem::path& from,
                   wall_time since, const tell_topics& tell = {});

/// Adds a topic that was parsed.
void add_topic(refresh_facts& facts, fetched_topic topic);

/// The corpus as of now, with what a plan needs of it. @param store  outlives the result.
expected<old_corpus> load_corpus(const home_store& store, wall_time now);

/// Plans the next corpus from facts and what is stored.
expected<corpus_plan> plan_next(const home_store& store, refresh_facts facts,
                                const corpus_rules& rules, wall_time now);

/// Writes all entries to a file, one a line, in a form that `read_export` takes.
/// @param with_yaml  the authors' own text too, which may not be yours to publish.
error write_export(const home_store& store, const std::filesystem::path& to,
                   bool with_yaml);

/// Adds the entries of an exported file, plain or compressed, to the facts.
/// @errors ec::invalid_input with the line that is not what it should be.
error read_export(refresh_facts& facts, const std::filesystem::path& from);

} // namespace habitd
