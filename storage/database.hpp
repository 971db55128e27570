#pragma once

#include "messages/error.hpp"
#include "messages/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rocksdb {
class Env;
}

namespace habitd {

/// Column families, one per lifetime and shape of data (docs/architecture.md).
enum class family : std::uint8_t {
  meta,
  events,
  entities,
  days,
  aggregates_daily,
  lifecycle,
  patterns,
  suggestions,
  jobs,
  outbox,
  alerts,
  corpus_staging,
  standards,
  standard_versions,
  refresh_queue,
};

constexpr std::size_t family_count = static_cast<std::size_t>(family::refresh_queue) + 1;

/// Name of each family on disk, by its number; never rename.
constexpr std::array<const char*, family_count> family_names{"meta",
                                                             "events",
                                                             "entities",
                                                             "days",
                                                             "aggregates_daily",
                                                             "lifecycle",
                                                             "patterns",
                                                             "suggestions",
                                                             "jobs",
                                                             "outbox",
                                                             "alerts",
                                                             "corpus_staging",
                                                             "standards",
                                                             "standard_versions",
                                                             "refresh_queue"};

struct storage_options {
  /// Its parent must be writable too: a corrupt store is moved aside, and a checkpoint
  /// before a schema step laid down, beside it.
  std::filesystem::path directory;
  bool sync =
    true; // false only for a throw-away directory: a power cut may lose the tail

  /// For blocks, indexes and filters of all families. 8 MB hold the indexes and filters of
  /// several hundred MB here, since days are appended in order and read by range; random
  /// reads under heavy overwriting would want 16 MB, at about 8 MB more of resident memory.
  std::size_t cache_bytes = 8 << 20;
  wall_time opened_at{}; // names the directory that a corrupt store is moved to
  std::shared_ptr<rocksdb::Env> env = nullptr; // a test's disk; null = the real one
};

/// Changes that become visible, and durable, all at once or not at all.
class batch {
public:
  batch();
  ~batch();
  batch(batch&&) noexcept;
  batch& operator=(batch&&) noexcept;

  void put(family in, std::string_view key, std::string value);
  void erase(family in, std::string_view key);

  /// Removes every key in `[from, to)`; later puts of the same batch stay. Ranges that are
  /// erased one after the other must not grow, or overlap: RocksDB keeps, for each piece of
  /// them, all that cover it, until they are written out.
  void erase_range(family in, std::string_view from, std::string_view to);

private:
  friend class database;
  struct contents;
  std::unique_ptr<contents> contents_;
};

/// Whether an error of this store is that its disk is full.
bool is_disk_full(const error& reason);

/// Sees one key and value, valid during the call only; returns false to stop the scan.
using visit_entry = std::function<bool(std::string_view key, std::string_view value)>;

/// A consistent view of the store at one moment; must not outlive the database. After the
/// disk failed and the store was opened anew, reading it is answered with `ec::unavailable`.
class snapshot;

class database;

/// Takes a store from one schema version to the next. What it stages in `last` is committed
/// together with the new version; what it writes to `db` before that must be repeatable, for
/// a crash runs the step again.
using migration = std::function<error(database& db, batch& last)>;

/// Steps from version 1 to 2, 2 to 3 and so on; the current version is one more than there
/// are steps.
const std::vector<migration>& current_migrations();

/// The one RocksDB of a home. Thread-safe.
class database {
public:
  /// Opens or creates the store, steps its schema to the current version, after a checkpoint
  /// to `<directory>.before-schema-<new version>`. A store that is corrupt is moved aside to
  /// `<directory>.corrupt-<UTC time>` and never deleted; then a new one is begun and
  /// `recovered_from()` says where the old one is. On a full disk a store is opened to read,
  /// until a write finds space; `trouble()` says so.
  /// @errors ec::unavailable with the path: in use by another process, no permission, disk
  ///         full and no store yet; ec::invalid_input: written by a newer habitd; else what a
  ///         migration says.
  static expected<std::unique_ptr<database>>
  open(const storage_options& options,
       const std::vector<migration>& steps = current_migrations());

  /// Opens a store to read only, as it is now, even while another process has it: writes,
  /// moves and migrates nothing.
  /// @errors ec::unavailable if it can't be opened; ec::invalid_input: of another version.
  static expected<std::unique_ptr<database>> open_to_read(const storage_options& options);
  ~database();

  /// @errors ec::unavailable if the disk is full or fails. Reading goes on then, and writing
  ///         too once the disk takes bytes again: the store is opened anew, which ends the
  ///         snapshots there are. The batch may still become visible then, whole.
  error write(batch&& changes);

  /// @errors ec::not_found; ec::corrupt_data.
  expected<std::string> get(family in, std::string_view key,
                            const snapshot* at = nullptr) const;

  /// Visits keys in `[from, to)` in ascending order; an empty `to` means up to the end.
  error scan(family in, std::string_view from, std::string_view to,
             const visit_entry& visit, const snapshot* at = nullptr) const;

  /// Visits keys below `to` in descending order; an empty `to` means from the end.
  error scan_back(family in, std::string_view to, const visit_entry& visit) const;

  /// The greatest key. @errors ec::not_found if the family is empty.
  expected<std::string> last_key(family in) const;

  /// False only if nothing is stored in `[from, to)`. A range that is erased for nothing
  /// makes every later read of its family slower until it is written out.
  bool may_hold(family in, std::string_view from, std::string_view to) const;

  /// Gives back at once the files that hold nothing but keys below `to`, all of which must
  /// have been erased. Compaction would read each file in whole for that, and begin anew
  /// with every start of a program that ends before it is through.
  error free_files_below(family in, std::string_view to);

  std::shared_ptr<const snapshot> take_snapshot() const;

  /// A complete copy as of now; of hard links if `to` is on the same disk.
  /// @param to  does not exist yet; its parent does.
  error checkpoint(const std::filesystem::path& to) const;

  /// Where a corrupt store was moved to when this one was opened; empty as a rule.
  const std::filesystem::path& recovered_from() const;

  /// Whether the log was damaged when this store was opened: the last batches before that,
  /// whole ones, are gone then, and everything earlier is there.
  bool lost_last_writes() const;

  /// Why nothing can be written since the disk failed; empty as a rule.
  std::string trouble() const;

  /// Whether the store could not even be opened to read after its disk failed. Every call
  /// is refused then; only a new start can tell damage and begin anew.
  bool is_closed() const;

  /// Bytes on disk, per family, for /metrics; without what is only in the log yet.
  std::uint64_t size_of(family in) const;

private:
  struct handles;
  explicit database(std::unique_ptr<handles> handles);
  std::unique_ptr<handles> handles_;
};

} // namespace habitd
