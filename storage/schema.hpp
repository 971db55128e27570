#pragma once

#include "storage/database.hpp"

namespace habitd {

/// The version the store is marked with; 0 if it is new.
/// @errors ec::corrupt_data if the mark can't be read or isn't a version.
expected<std::size_t> schema_version(const database& db);

/// Brings the store from version `from` to the one after the last of `steps`, one step and
/// one commit at a time; a new store is just marked as current.
/// @param beside  path that the checkpoint's name begins with: the store's directory.
/// @errors ec::invalid_input if the store is newer; else the error of the step, and the
///         steps before it stay done.
error step_schema(database& db, std::size_t from, const std::filesystem::path& beside,
                  const std::vector<migration>& steps);

} // namespace habitd
