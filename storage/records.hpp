#pragma once

#include "messages/error.hpp"
#include "messages/job.hpp"
#include "messages/pattern.hpp"
#include "messages/suggestion.hpp"

#include <string>
#include <string_view>

namespace habitd {

// The JSON of records, the same in the store, in HTTP answers and in `--json` output.
// Reading ignores unknown fields and gives missing ones their default, so that records
// outlive versions.

std::string to_json(const pattern& record);
std::string to_json(const suggestion& record);
std::string to_json(const job_record& record);

/// @errors of all three: ec::corrupt_data unless `json` is an object with usable fields.
expected<pattern> pattern_from_json(std::string_view json);
expected<suggestion> suggestion_from_json(std::string_view json);
expected<job_record> job_from_json(std::string_view json);

/// What an entity's state is called after a turn: "on", "open", "not_home".
std::string_view state_word(std::string_view entity, turn to);

/// "mon" … "sun" for 0 … 6, as Home Assistant writes them.
std::string_view weekday_word(int weekday);

/// "07:05:00" of seconds since midnight.
std::string time_word(int seconds_since_midnight);

/// "running", "ok", …
std::string_view outcome_word(job_outcome outcome);

/// "candidate", "confirmed", "retired".
std::string_view status_word(pattern_status status);

} // namespace habitd
