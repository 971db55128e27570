#pragma once

#include "actors/community/crawl/discourse_json.hpp"
#include "actors/community/crawl/forum_settings.hpp"
#include "actors/community/crawl/forum_state.hpp"

#include <map>
#include <set>
#include <vector>

namespace habitd {

/// What the lists of one run showed.
struct seen_topics {
  std::map<std::uint64_t, list_item> by_id{};
  std::set<std::uint64_t> voted{}; // shown by the list by votes, whose votes count
  wall_time newest{};

  /// @returns  how many topics were not seen before.
  std::size_t add(const list_page& page, bool by_votes);
};

/// Whether no topic of interest can follow in a list that descends by likes of which `page`
/// is the last one read.
bool is_below_interest(const list_page& page, const forum_state& known,
                       const seen_topics& seen, const forum_settings& settings);

/// Whether likes descend within a page, pinned topics aside.
bool descends_by_votes(const list_page& page);

/// Whether all of a page, pinned topics aside, is older than a day before `newest`: days are
/// what the server's filter knows, and lists shift while they are read.
bool is_older_than(const list_page& page, wall_time newest);

/// Topics to read, in this order: those that were missing, so that the second look comes;
/// those that should be in the list by votes and are not; changed ones, the most liked
/// first, and new ones with enough likes likewise, up to the limit of each; then the eighth
/// that was read longest ago.
/// @param lists_whole  whether the list by votes was read as far as it is of interest.
std::vector<std::uint64_t> topics_to_read(const forum_state& known,
                                          const seen_topics& seen,
                                          const forum_settings& settings,
                                          bool lists_whole);

} // namespace habitd
