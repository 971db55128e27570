#pragma once

#include <filesystem>

namespace rocksdb {
class Env;
}

namespace habitd {

/// Whether a file can be made and written in `directory` now. RocksDB that is told to go on
/// while the disk is still full may give up until it is opened again.
bool takes_files(rocksdb::Env& env, const std::filesystem::path& directory);

} // namespace habitd
