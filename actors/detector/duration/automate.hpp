#pragma once

#include "actors/detector/detector.hpp"

namespace habitd {

// A regular duration in words, replayed and as an automation; see `detector`. What has one
// length is turned off after it; what has two, or can't be turned off, says that it is ready.

pattern_words describe_duration(const pattern& habit);

/// It is right where a use ended by itself within its usual length, and unwanted where one
/// was longer and is cut, or is no usual one and is told of.
expected<back_test> replay_duration(const pattern& habit,
                                    const aggregate_history& history,
                                    const entity_numbers& numbers);

std::optional<automation> propose_duration(const pattern& habit);

} // namespace habitd
