#pragma once

#include "messages/error.hpp"
#include "messages/pattern.hpp"
#include "messages/suggestion.hpp"

#include <functional>
#include <vector>

namespace habitd {

/// Replays a pattern's automation over the stored days.
using run_back_test = std::function<expected<back_test>(const pattern& habit)>;

constexpr std::size_t max_suggestions = 10; // a day (spec SU-1)

/// Suggestions for confirmed patterns that end in something switchable, best first: by the
/// acts a week that the automation would have saved, less those it would have done unasked,
/// counted by the lower bound of how often it is right. It has to be right twice as often as
/// unwanted, not counting how often it would be right at any other time.
expected<std::vector<suggestion>> suggest(const std::vector<pattern>& patterns,
                                          const run_back_test& replay);

} // namespace habitd
