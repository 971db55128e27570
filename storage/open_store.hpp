#pragma once

#include "storage/database.hpp"

#include <rocksdb/db.h>

#include <array>

namespace habitd {

constexpr std::size_t family_count = static_cast<std::size_t>(family::jobs) + 1;

/// Name of each family on disk, by its number; never rename.
constexpr std::array<const char*, family_count> family_names{
  "meta",      "events",   "entities",    "days", "aggregates_daily",
  "lifecycle", "patterns", "suggestions", "jobs"};

/// An open RocksDB with the handles of all its families.
struct store {
  std::unique_ptr<rocksdb::DB> db;
  std::array<rocksdb::ColumnFamilyHandle*, family_count> families{};
  std::vector<rocksdb::ColumnFamilyHandle*> all; // with "default" and those we don't know

  store() = default;
  store(store&&) noexcept = default;
  store& operator=(store&&) noexcept = default;
  ~store();
};

/// Opens or creates, without repairing anything.
/// @param damaged  set if the store can't be opened because it is damaged.
expected<store> open_store(const storage_options& options, bool& damaged);

/// Moves a damaged store out of the way, and returns where to.
expected<std::filesystem::path> move_aside(const std::filesystem::path& directory,
                                           wall_time now);

} // namespace habitd
