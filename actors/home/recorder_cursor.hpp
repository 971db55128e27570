#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace habitd {

/// How far a recorder was read.
struct recorder_cursor {
  std::int64_t state_id = 0; // of the last row taken, by the table's rowid; 0 = none
  std::int64_t row_time = 0; // its time, ms; tells it from a row of another database
  std::int64_t run_id = 0;   // of the last start that was told
  std::int64_t event_id = 0; // the same, of starts among the events
};

/// "state_id 41251 at 1763791500123 run 17 event 9024".
std::string format_cursor(const recorder_cursor& cursor);

/// The start if `text` is no cursor of a recorder. Starts are told again if it doesn't say
/// which were: told twice, they are the same.
recorder_cursor parse_cursor(std::string_view text);

} // namespace habitd
