#pragma once

#include "actors/community/crawl/forum_settings.hpp"
#include "actors/community/crawl/topic_source.hpp"
#include "http/polite_client.hpp"

#include <functional>

namespace habitd {

/// What a forum is read with.
struct forum_reader {
  forum_settings settings{};
  polite_policy policy{};
  polite_surroundings around{};
  std::function<wall_time()> now{};
  std::string cursor{}; // of the last run that was committed; empty before the first
};

/// Limits of requests to forums and to what they link to.
client_limits forum_limits();

/// A client may ask the forum itself, wherever it is, and the hosts of links, if they are
/// public. @errors ec::invalid_input if the forum's URL is none.
expected<reach> forum_reach(const forum_settings& settings);

/// The forum as a source, read by `forum_crawl` with a client that is polite. Every answer is
/// staged before the next question.
/// @errors of the source: ec::unavailable: the forum is down, or sent us away; what was read
///         stays staged. ec::invalid_input: the category is another one. ec::corrupt_data: the
///         cursor.
topic_source forum_source(forum_reader reader);

} // namespace habitd
