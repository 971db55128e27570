#include "storage/store_copy.hpp"

#include "storage/status.hpp"

#include <rocksdb/utilities/backup_engine.h>

namespace habitd {

namespace {

std::string copy_of(const storage_options& options) {
  const auto& directory = options.directory;
  const auto store = directory.has_filename() ? directory : directory.parent_path();
  return store.string() + ".copy";
}

rocksdb::BackupEngineOptions how(const storage_options& options) {
  rocksdb::BackupEngineOptions how{copy_of(options), &env_of(options)};
  how.sync = options.sync;
  return how;
}

} // namespace

error keep_copy(const store& of, const storage_options& options) {
  rocksdb::BackupEngine* opened = nullptr;
  rocksdb::Status status =
    rocksdb::BackupEngine::Open(how(options), &env_of(options), &opened);
  const std::unique_ptr<rocksdb::BackupEngine> copies{opened};
  if (status.ok()) {
    rocksdb::CreateBackupOptions whole;
    whole.flush_before_backup = true;
    status = copies->CreateNewBackup(whole, of.db.get());
  }
  if (status.ok())
    status = copies->PurgeOldBackups(1);
  return to_error(status, "copy the store to " + copy_of(options));
}

bool has_copy(const storage_options& options) {
  return env_of(options).FileExists(copy_of(options) + "/meta").ok();
}

error restore_copy(const storage_options& options, const std::filesystem::path& to) {
  const auto doing = "make a store of " + copy_of(options);
  if (!has_copy(options))
    return make_error(ec::not_found, doing);
  rocksdb::BackupEngineReadOnly* opened = nullptr;
  rocksdb::Status status =
    rocksdb::BackupEngineReadOnly::Open(how(options), &env_of(options), &opened);
  const std::unique_ptr<rocksdb::BackupEngineReadOnly> copies{opened};
  if (status.ok())
    status = copies->RestoreDBFromLatestBackup(to.string(), to.string());
  return to_error(status, doing);
}

} // namespace habitd
