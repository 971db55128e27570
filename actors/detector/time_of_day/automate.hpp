#pragma once

#include "actors/detector/detector.hpp"

namespace habitd {

// A habit of the clock in words, replayed and as an automation; see `detector`.

pattern_words describe_clock(const pattern& habit);

/// It is right where the person did the same near its time: as near as the habit is sharp, ten
/// minutes to half an hour. By chance, as often as two and three hours to either side.
expected<back_test> replay_clock(const pattern& habit, const aggregate_history& history,
                                 const entity_numbers& numbers);

std::optional<automation> propose_clock(const pattern& habit);

} // namespace habitd
