#pragma once

#include "tests/faults/disk.hpp"

#include <rocksdb/file_system.h>

namespace habitd::faults {

/// A RocksDB file system on a disk in memory. Errors name the path, as those of the real one
/// do.
std::shared_ptr<rocksdb::FileSystem> make_fault_fs(std::shared_ptr<disk> on);

} // namespace habitd::faults
