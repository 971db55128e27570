#pragma once

#include "storage/database.hpp"

#include <rocksdb/db.h>

#include <array>

namespace habitd {

/// An open RocksDB with the handles of all its families.
struct store {
  std::unique_ptr<rocksdb::DB> db;
  std::array<rocksdb::ColumnFamilyHandle*, family_count> families{};
  bool lost_last_writes = false; // the log was damaged, and what came after it left out
  rocksdb::Status refuses;       // why it takes no writes; ok if it does
  std::vector<rocksdb::ColumnFamilyHandle*> all; // with "default" and those we don't know

  store() = default;
  store(store&&) noexcept = default;
  store& operator=(store other) noexcept; // closes what was open
  ~store();
};

inline rocksdb::ColumnFamilyHandle* handle_of(const store& on, family in) {
  return on.families[static_cast<std::size_t>(in)];
}

/// Opens or creates. Repairs nothing, but gives up the end of a damaged log.
/// @param damaged  set if the store can't be opened because it is damaged.
expected<store> open_store(const storage_options& options, bool& damaged);

/// Opens what is there without writing anything, as can be done on a disk that is full.
/// @param because  what writes are answered with.
expected<store> open_to_read(const storage_options& options,
                             const rocksdb::Status& because);

/// Writes what is in memory, and so far only in the log, to tables.
rocksdb::Status flush(const store& of);

/// Makes the names in `directory` survive a power cut; RocksDB does so inside of a store, not
/// for the store itself.
rocksdb::Status sync_names(rocksdb::Env& env, const std::filesystem::path& directory);

rocksdb::Env& env_of(const storage_options& options);

/// Moves a damaged store out of the way, and returns where to.
expected<std::filesystem::path> move_aside(const storage_options& options);

} // namespace habitd
