#pragma once

#include "messages/error.hpp"

#include <rocksdb/status.h>

#include <string>

namespace habitd {

/// No error for a good status; `doing` says what was tried, with the path or key.
error to_error(const rocksdb::Status& status, std::string doing);

/// Whether the store itself is damaged, as opposed to a disk that is full, unreadable or
/// locked: only a damaged one may be moved aside.
bool is_damage(const rocksdb::Status& status);

} // namespace habitd
