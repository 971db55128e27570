#pragma once

#include "actors/detector/detector.hpp"

namespace habitd {

// A response in words, replayed and as an automation; see `detector`.

pattern_words describe_response(const pattern& habit);

/// It is right where the response followed within the pattern's window.
expected<back_test> replay_response(const pattern& habit,
                                    const aggregate_history& history,
                                    const entity_numbers& numbers);

std::optional<automation> propose_response(const pattern& habit);

} // namespace habitd
