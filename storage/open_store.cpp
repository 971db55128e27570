#include "storage/open_store.hpp"

#include "storage/repair_store.hpp"
#include "storage/status.hpp"
#include "storage/tuning.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <rocksdb/env.h>

#include <algorithm>

namespace habitd {

namespace fs = std::filesystem;

namespace {

/// Without CURRENT, RocksDB begins a new store and deletes the tables of the old one. A
/// store that was never finished creating has neither tables nor a log yet.
bool lost_its_root(rocksdb::Env& env, const fs::path& directory) {
  if (!env.FileExists(directory / "CURRENT").IsNotFound())
    return false;
  std::vector<std::string> names;
  if (!env.GetChildren(directory, &names).ok())
    return false; // shows again when the store is opened
  return std::any_of(names.begin(), names.end(), [](const fs::path& name) {
    return name.extension() == ".sst" || name.extension() == ".log";
  });
}

/// Creates what is missing of a path, durably.
rocksdb::Status make_directories(rocksdb::Env& env, const fs::path& directory) {
  bool is_directory = false;
  if (directory.empty() ||
      (env.IsDirectory(directory, &is_directory).ok() && is_directory))
    return {};
  if (auto status = make_directories(env, directory.parent_path()); !status.ok())
    return status;
  if (auto status = env.CreateDirIfMissing(directory); !status.ok())
    return status;
  return sync_names(env, directory.parent_path());
}

/// A new store's directory. One that is there may be of a try that failed before its name
/// was durable.
rocksdb::Status make_room(rocksdb::Env& env, const fs::path& directory) {
  if (env.FileExists(directory / "CURRENT").ok())
    return {};
  if (auto status = make_directories(env, directory); !status.ok())
    return status;
  return sync_names(env, directory.parent_path());
}

/// Our families, and those a newer habitd made: RocksDB wants all of them opened.
std::vector<std::string> families_in(const rocksdb::DBOptions& options,
                                     const fs::path& directory) {
  std::vector<std::string> names;
  // A failure means a new store, or shows again when it is opened.
  rocksdb::DB::ListColumnFamilies(options, directory.string(), &names)
    .PermitUncheckedError();
  std::vector<std::string> all{rocksdb::kDefaultColumnFamilyName};
  all.insert(all.end(), family_names.begin(), family_names.end());
  for (auto& name : names)
    if (std::find(all.begin(), all.end(), name) == all.end())
      all.push_back(std::move(name));
  return all;
}

/// Our families by their numbers, of a store that was opened with `families_in`.
store with_families(rocksdb::DB* db, std::vector<rocksdb::ColumnFamilyHandle*> all) {
  store result;
  result.db.reset(db);
  result.all = std::move(all);
  std::copy_n(result.all.begin() + 1, family_count, result.families.begin());
  return result;
}

/// How RocksDB is to open a store.
struct opening {
  opening(const storage_options& options, const fs::path& directory) {
    tuning.env = &env_of(options);
    const auto family_options = family_tuning(options.cache_bytes);
    for (auto& name : families_in(tuning, directory))
      families.emplace_back(name, family_options);
  }
  rocksdb::DBOptions tuning = database_tuning();
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
};

fs::path without_slash(const fs::path& directory) {
  return directory.has_filename() ? directory : directory.parent_path();
}

} // namespace

rocksdb::Status sync_names(rocksdb::Env& env, const fs::path& directory) {
  std::unique_ptr<rocksdb::Directory> names;
  const auto opened =
    env.NewDirectory(directory.empty() ? fs::path{"."} : directory, &names);
  return opened.ok() ? names->Fsync() : opened;
}

rocksdb::Status flush(const store& of) {
  return of.db->Flush(rocksdb::FlushOptions{}, {of.families.begin(), of.families.end()});
}

rocksdb::Env& env_of(const storage_options& options) {
  return options.env ? *options.env : *rocksdb::Env::Default();
}

store& store::operator=(store other) noexcept {
  std::swap(db, other.db);
  std::swap(families, other.families);
  std::swap(lost_last_writes, other.lost_last_writes);
  std::swap(refuses, other.refuses);
  std::swap(all, other.all);
  return *this;
}

store::~store() {
  if (!db)
    return;
  for (auto* handle : all)
    db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  db->Close().PermitUncheckedError(); // every acknowledged write is in the log
}

expected<store> open_store(const storage_options& options, bool& damaged) {
  const auto directory = without_slash(options.directory);
  damaged = false;
  auto& env = env_of(options);
  auto made = finish_swap(options);
  if (made.ok())
    made = make_room(env, directory);
  if (!made.ok())
    return make_error(ec::unavailable, "create " + directory.string(), made.ToString());
  if (lost_its_root(env, directory)) {
    damaged = true;
    return make_error(ec::corrupt_data, "open " + directory.string(),
                      "CURRENT is missing");
  }
  opening how{options, directory};
  std::vector<rocksdb::ColumnFamilyHandle*> all;
  rocksdb::DB* db = nullptr;
  const auto try_to_open = [&](rocksdb::WALRecoveryMode mode) {
    how.tuning.wal_recovery_mode = mode;
    return rocksdb::DB::Open(how.tuning, directory.string(), how.families, &all, &db);
  };
  // A log that ends in half a record is a power cut. One that is wrong in its midst is
  // damage: the second mode then keeps what came before, but would not tell us.
  auto status = try_to_open(rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords);
  bool lost_last_writes = false;
  if (is_damage(status)) {
    status = try_to_open(rocksdb::WALRecoveryMode::kPointInTimeRecovery);
    lost_last_writes = status.ok();
  }
  if (!status.ok()) {
    damaged = is_damage(status);
    if (status.IsIOError() &&
        status.ToString().find("/LOCK: Resource temp") != std::string::npos)
      return make_error(ec::unavailable,
                        "open " + directory.string() +
                          ": in use by another process, most likely another habitd");
    return to_error(status, "open " + directory.string());
  }
  auto result = with_families(db, std::move(all));
  result.lost_last_writes = lost_last_writes;
  return result;
}

expected<store> open_to_read(const storage_options& options,
                             const rocksdb::Status& because) {
  const auto directory = without_slash(options.directory);
  if (const auto found = env_of(options).FileExists(directory / "CURRENT"); !found.ok())
    return make_error(ec::unavailable, "open " + directory.string() + " to read",
                      "there is no store: " +
                        found.ToString()); // RocksDB would begin one
  opening how{options, directory};
  how.tuning.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  std::vector<rocksdb::ColumnFamilyHandle*> all;
  rocksdb::DB* db = nullptr;
  const auto status =
    rocksdb::DB::OpenForReadOnly(how.tuning, directory.string(), how.families, &all, &db);
  if (!status.ok())
    return to_error(status, "open " + directory.string() + " to read");
  auto result = with_families(db, std::move(all));
  result.refuses = because;
  return result;
}

expected<fs::path> move_aside(const storage_options& options) {
  const auto& directory = options.directory;
  auto& env = env_of(options);
  const auto seconds =
    std::chrono::floor<std::chrono::seconds>(options.opened_at).time_since_epoch();
  const auto base = fmt::format("{}.corrupt-{:%Y%m%dT%H%M%SZ}", directory.string(),
                                fmt::gmtime(std::time_t{seconds.count()}));
  std::string target = base;
  for (int n = 2; env.FileExists(target).ok(); ++n)
    target = fmt::format("{}-{}", base, n);
  auto status = env.RenameFile(directory, target);
  if (status.ok())
    status = sync_names(env, directory.parent_path());
  if (!status.ok())
    return make_error(ec::unavailable,
                      fmt::format("move corrupt {} to {}", directory.string(), base),
                      status.ToString());
  return fs::path{target};
}

} // namespace habitd
