#pragma once

#include "messages/job.hpp"
#include "messages/suggestion.hpp"
#include "storage/home_store.hpp"

#include <string>

namespace habitd {

/// What others are told when an analysis has ended: the fields that the seed of habitd had
/// (timestamp, patterns_detected, suggestions_generated, duration_seconds), how it and each of
/// its phases went, and its id, by which repeats are known.
std::string analysis_complete(const job_record& job);

/// What the event entity in Home Assistant shows.
std::string new_suggestion(const suggestion& made);

/// Stages an outbox entry for `target` for each analysis that ended since the last time, and
/// for each suggestion that is new since then; with them, how far that is. So each end is told
/// exactly once, whatever restarts in between.
/// @returns  whether there is anything to commit.
expected<bool> stage_job_messages(batch& changes, home_store& store,
                                  const std::string& target, wall_time now);

} // namespace habitd
