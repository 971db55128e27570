#include "storage/disk_probe.hpp"

#include <rocksdb/env.h>

#include <string>

namespace habitd {

bool takes_files(rocksdb::Env& env, const std::filesystem::path& directory) {
  const std::filesystem::path probe =
    directory / "probe.dbtmp"; // RocksDB removes *.dbtmp
  const std::string content(64 * 1024, '\0');
  const bool written = rocksdb::WriteStringToFile(&env, content, probe, true).ok();
  env.DeleteFile(probe).PermitUncheckedError();
  return written;
}

} // namespace habitd
