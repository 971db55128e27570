#pragma once

#include "storage/database.hpp"

#include <rocksdb/options.h>

namespace habitd {

/// RocksDB for a Raspberry Pi with an SD card: little memory, few and small writes.
rocksdb::DBOptions database_tuning();

/// The same for every family; all families share the cache made here, so call it once.
rocksdb::ColumnFamilyOptions family_tuning(std::size_t cache_bytes);

} // namespace habitd
