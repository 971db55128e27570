#pragma once

#include "storage/open_store.hpp"

namespace habitd {

// The copy of a store, beside it: `<directory>.copy`, as of the end of the last job. Files of
// its own, so that a bit that turns over in the store is right in the copy. RocksDB's backup
// engine copies only the tables that are new since the last time.

/// Makes the copy anew. @errors ec::unavailable; ec::corrupt_data if a table is damaged.
error keep_copy(const store& of, const storage_options& options);

/// Whether there is a copy, damaged or not.
bool has_copy(const storage_options& options);

/// Makes a store of the copy, at a path where there is none.
/// @errors ec::not_found if there is no copy; ec::corrupt_data if it is damaged as well.
error restore_copy(const storage_options& options, const std::filesystem::path& to);

} // namespace habitd
