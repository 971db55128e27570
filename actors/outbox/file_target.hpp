#pragma once

#include "actors/outbox/delivery.hpp"

#include <filesystem>

namespace habitd {

/// Appends an entry as one line of JSON and waits until the disk has it: {"sequence": 7,
/// "created": "…", "correlation_id": "…", "content_type": "…", "payload": …}, the payload as
/// JSON if it is that, else as text. After a power cut within a line the next one begins on
/// a line of its own. The file is made for the owner and the group if there is none.
delivery_result append_to_file(const std::filesystem::path& file,
                               const outbox_entry& entry);

} // namespace habitd
