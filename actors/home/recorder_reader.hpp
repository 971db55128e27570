#pragma once

#include "actors/home/archive_input.hpp"
#include "actors/home/open_source.hpp"

namespace habitd {

/// Reads a recorder database that Home Assistant may be writing. Between pages no read
/// transaction is open, so its checkpoints are never held up for longer than a page takes.
/// The cursor is the last state_id; if the database turns out to be another one than the
/// cursor was made with, it is read from its start.
expected<event_source> open_recorder(const source_request& request);

/// The same for a copy that nobody writes, removed when the source is closed.
expected<event_source> open_recorder_copy(const source_request& request,
                                          temporary_file copy);

} // namespace habitd
