#pragma once

#include "messages/error.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

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
};

struct storage_options {
  std::filesystem::path directory;
  bool sync = true; // false only for a throw-away directory: a power cut may lose the tail
  std::size_t cache_bytes = 8 << 20;
};

/// Changes that become visible, and durable, all at once or not at all.
class batch {
public:
  batch();
  ~batch();
  batch(batch&&) noexcept;
  batch& operator=(batch&&) noexcept;

  void put(family in, std::string_view key, std::string_view value);
  void erase(family in, std::string_view key);

  /// Removes every key in `[from, to)`.
  void erase_range(family in, std::string_view from, std::string_view to);

private:
  friend class database;
  struct contents;
  std::unique_ptr<contents> contents_;
};

/// Sees one key and value, valid during the call only; returns false to stop the scan.
using visit_entry = std::function<bool(std::string_view key, std::string_view value)>;

/// A consistent view of the store at one moment; must not outlive the database.
class snapshot;

/// The one RocksDB of a home. Thread-safe.
class database {
public:
  /// Opens or creates the store, steps its schema to the current version. A store that is
  /// corrupt is moved aside to `<directory>.corrupt-<UTC time>` and never deleted; then a new one
  /// is begun and `recovered_from()` says where the old one is.
  /// @errors ec::unavailable with the path: in use by another process, no permission, disk
  ///         full; ec::invalid_input: written by a newer habitd.
  static expected<std::unique_ptr<database>> open(const storage_options& options);
  ~database();

  error write(batch&& changes);
  expected<std::string> get(family in, std::string_view key,
                            const snapshot* at = nullptr) const;

  /// Visits keys in `[from, to)` in ascending order.
  error scan(family in, std::string_view from, std::string_view to,
             const visit_entry& visit, const snapshot* at = nullptr) const;

  std::shared_ptr<const snapshot> take_snapshot() const;

  /// Where a corrupt store was moved to when this one was opened; empty as a rule.
  const std::filesystem::path& recovered_from() const;

  /// Bytes on disk, per family, for /metrics.
  std::uint64_t size_of(family in) const;

private:
  struct handles;
  explicit database(std::unique_ptr<handles> handles);
  std::unique_ptr<handles> handles_;
};

} // namespace habitd
