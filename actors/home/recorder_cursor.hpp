#pragma once

#include "messages/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace habitd {

/// How far a recorder was read.
struct recorder_cursor {
  std::int64_t state_id = 0; // the last row taken; 0 = none
  std::int64_t row_time = 0; // its time, ms; tells it from a row of another database
  wall_time passed{}; // the latest time of any row taken: earlier restarts are told
};

/// "state_id 41251 at 1763791500123 passed 1763791500123".
std::string format_cursor(const recorder_cursor& cursor);

/// The start if `text` is no cursor of a recorder.
recorder_cursor parse_cursor(std::string_view text);

} // namespace habitd
