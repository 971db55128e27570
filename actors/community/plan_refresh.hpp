#pragma once

#include "actors/community/trending.hpp"
#include "messages/community.hpp"

#include <functional>
#include <string>
#include <vector>

namespace habitd {

/// What decides who is in the corpus (spec CO-3, CO-4).
struct corpus_rules {
  double least_quality = 0.4;
  double old_days = 730;
  std::uint32_t old_votes = 100;    // an old entry with fewer goes
  std::uint32_t least_votes = 100;  // of a new topic
  double title_similarity = 0.9;    // more than that, and the same devices: a duplicate
  double shared_structure = 0.9;    // at least that: a duplicate
  std::size_t most_entries = 3'000; // the best stay
};

/// The corpus that a refresh begins with.
struct old_corpus {
  std::vector<corpus_entry> entries;
  vote_history votes; // of the last `trend_days`
  /// Of an entry of the old corpus; empty if they are not to be had.
  std::function<std::vector<std::uint32_t>(const std::string& id)> shingles;
};

/// The next corpus, as changes to the old one with their reasons: a pure function. The same
/// facts a second time plan nothing. Times, correlation and job are for the commit to fill in.
corpus_plan plan_refresh(const old_corpus& old, refresh_facts facts,
                         const corpus_rules& rules, wall_time now);

} // namespace habitd
