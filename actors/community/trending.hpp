#pragma once

#include "messages/community.hpp"

#include <map>
#include <string>
#include <vector>

namespace habitd {

using vote_history =
  std::map<std::string, std::vector<vote_count>>; // by entry, ascending

constexpr int trend_days = 35;      // of history that are looked at
constexpr int least_trend_days = 6; // or there is no rate yet

/// Sets `votes_per_day` from the history, and `trending` for those that gained at least three
/// votes and more a day than 95 of 100 entries of the corpus did.
/// @param today  days since 1970-01-01.
void mark_trending(std::vector<corpus_entry*> entries, const vote_history& history,
                   std::int32_t today);

} // namespace habitd
