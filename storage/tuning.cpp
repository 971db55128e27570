#include "storage/tuning.hpp"

#include "messages/log_of.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <array>
#include <cstdarg>
#include <cstdio>

namespace habitd {

namespace {

constexpr std::size_t kilobyte = 1024;
constexpr std::size_t megabyte = 1024 * kilobyte;

/// Takes the place of RocksDB's own LOG file, which costs writes, and which ends the process
/// when the disk is full: Debian builds RocksDB with assertions, and one forbids going on
/// with a log whose last write failed.
class warnings_to_our_log : public rocksdb::Logger {
public:
  warnings_to_our_log() : Logger{rocksdb::WARN_LEVEL} {}

  void LogHeader(const char*, va_list) override {} // lists every option at every start
  void Logv(const char*, va_list) override {}      // without a level, so never serious
  void Logv(const rocksdb::InfoLogLevel level, const char* format,
            va_list values) override {
    if (level < GetInfoLogLevel() || level > rocksdb::FATAL_LEVEL)
      return;
    std::array<char, 1024> line{};
    std::vsnprintf(line.data(), line.size(), format, values);
    log_of(log_area::storage)
      .log(level == rocksdb::WARN_LEVEL ? spdlog::level::debug : spdlog::level::warn,
           "rocksdb: {}", line.data());
  }
};

/// RocksDB would poll a full disk every few seconds. `live_store` opens the store anew when
/// the next write comes, so a freed disk works again at once.
class no_recovery : public rocksdb::EventListener {
public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }
};

} // namespace

rocksdb::DBOptions database_tuning() {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.paranoid_checks = true;
  options.track_and_verify_wals_in_manifest = true;
  options.write_buffer_manager =
    std::make_shared<rocksdb::WriteBufferManager>(4 * megabyte);
  options.max_total_wal_size = 8 * megabyte;
  options.max_open_files = 64;
  options.table_cache_numshardbits = 2;
  options.max_background_jobs = 2;
  options.max_bgerror_resume_count = 0;
  options.bytes_per_sync = megabyte; // spreads write-back: an SD card stalls on bursts
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.skip_stats_update_on_db_open = true;
  options.info_log = std::make_shared<warnings_to_our_log>();
  options.max_manifest_file_size = 4 * megabyte; // the default of 1 GB never rolls over
  options.manifest_preallocation_size = 64 * kilobyte;
  options.listeners.push_back(std::make_shared<no_recovery>());
  return options;
}

rocksdb::ColumnFamilyOptions family_tuning(std::size_t cache_bytes) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(cache_bytes);
  table.block_size = 8 * kilobyte;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = megabyte;
  options.arena_block_size = 64 * kilobyte;
  options.max_write_buffer_number = 2;
  // What is dropped, the oldest days, and what is new lie at both ends of a family: by levels
  // each compaction of the two would rewrite all that lies between.
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  options.compaction_options_universal.max_size_amplification_percent = 50;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  return options;
}

} // namespace habitd
