#include "storage/open_store.hpp"

#include "storage/status.hpp"
#include "storage/tuning.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace habitd {

namespace fs = std::filesystem;

namespace {

/// Without CURRENT, RocksDB begins a new store and deletes the tables of the old one. A
/// store that was never finished creating has neither tables nor a log yet.
bool lost_its_root(const fs::path& directory) {
  std::error_code failed;
  if (fs::exists(directory / "CURRENT", failed) || failed)
    return false;
  for (fs::directory_iterator i{directory, failed}, end; !failed && i != end;
       i.increment(failed))
    if (const auto kind = i->path().extension(); kind == ".sst" || kind == ".log")
      return true;
  return false;
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

} // namespace

store::~store() {
  if (!db)
    return;
  for (auto* handle : all)
    db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  db->Close().PermitUncheckedError(); // every acknowledged write is in the log
}

expected<store> open_store(const storage_options& options, bool& damaged) {
  const auto& directory = options.directory;
  damaged = false;
  std::error_code failed;
  fs::create_directories(directory, failed);
  if (failed)
    return make_error(ec::unavailable, "create " + directory.string(), failed.message());
  if (lost_its_root(directory)) {
    damaged = true;
    return make_error(ec::corrupt_data, "open " + directory.string(),
                      "CURRENT is missing");
  }
  const auto family_options = family_tuning(options.cache_bytes);
  auto tuning = database_tuning();
  std::vector<rocksdb::ColumnFamilyDescriptor> wanted;
  for (auto& name : families_in(tuning, directory))
    wanted.emplace_back(name, family_options);
  store result;
  rocksdb::DB* db = nullptr;
  const auto try_to_open = [&](rocksdb::WALRecoveryMode mode) {
    tuning.wal_recovery_mode = mode;
    return rocksdb::DB::Open(tuning, directory.string(), wanted, &result.all, &db);
  };
  // A log that ends in half a record is a power cut. One that is wrong in its midst is
  // damage: the second mode then keeps what came before, but would not tell us.
  auto status = try_to_open(rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords);
  if (is_damage(status)) {
    status = try_to_open(rocksdb::WALRecoveryMode::kPointInTimeRecovery);
    result.lost_last_writes = status.ok();
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
  result.db.reset(db);
  std::copy_n(result.all.begin() + 1, family_count, result.families.begin());
  return result;
}

expected<fs::path> move_aside(const fs::path& directory, wall_time now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
  const auto base = fmt::format("{}.corrupt-{:%Y%m%dT%H%M%SZ}", directory.string(),
                                fmt::gmtime(std::time_t{seconds.count()}));
  fs::path target = base;
  std::error_code failed;
  for (int n = 2; fs::exists(target, failed); ++n)
    target = fmt::format("{}-{}", base, n);
  fs::rename(directory, target, failed);
  if (failed)
    return make_error(ec::unavailable,
                      fmt::format("move corrupt {} to {}", directory.string(), base),
                      failed.message());
  return target;
}

} // namespace habitd
