#pragma once

#include "storage/open_store.hpp"

#include <mutex>
#include <set>
#include <shared_mutex>

namespace habitd {

/// A moment of one opening of a store.
struct moment {
  const rocksdb::Snapshot* seen = nullptr;
  std::uint64_t opening = 0;
};

/// An open store that outlives its disk's failures. After a write that failed, RocksDB
/// refuses every later one; `DB::Resume` would lift that, but seldom waits for ever after a
/// full disk (7.8). So the store is closed and opened anew once its disk takes bytes again.
/// Thread-safe.
class live_store {
public:
  live_store(storage_options options, store opened);
  ~live_store();
  live_store(const live_store&) = delete;
  live_store& operator=(const live_store&) = delete;

  /// Calls `with` on the store, which stays as it is meanwhile.
  template <class With>
  rocksdb::Status use(const With& with) const {
    const std::shared_lock lock{in_use_};
    return opened_.db ? with(opened_) : opened_.refuses;
  }

  /// Writes by `commit`. If the disk fails it, the store is opened anew and `commit` called
  /// once more; what it had written may be there then, so it must be repeatable.
  rocksdb::Status write(const std::function<rocksdb::Status(const store&)>& commit);

  /// Reads by `from`. What lies in a damaged block is cut out of the store, which is repaired
  /// and opened anew, and `from` called once more.
  rocksdb::Status read(const std::function<rocksdb::Status(const store&)>& from);

  /// What was found damaged and was repaired, for people; empty as a rule.
  std::string repaired() const;

  /// Empty, or why nothing can be written, or not even read.
  std::string trouble() const;
  bool is_closed() const;

  moment take_moment() const;
  void release(const moment& at) const;

  /// Reads as of `at`; null = now. For calls within `use`.
  rocksdb::Status as_of(const moment* at, rocksdb::ReadOptions& options) const;

  const storage_options& options() const { return options_; }

private:
  std::uint64_t current_opening() const;
  bool open_anew(std::uint64_t failed_opening, const rocksdb::Status& because);
  bool repair(std::uint64_t failed_opening, const rocksdb::Status& because);
  std::unique_lock<std::shared_mutex> take_alone();
  void close();

  const storage_options options_;    // its env outlives the store
  mutable std::shared_mutex in_use_; // alone: while the store is opened anew
  std::uint64_t opening_ = 0;
  store opened_;
  std::string repaired_;
  std::uint64_t not_repaired_ = UINT64_MAX; // the opening of which that failed
  mutable std::mutex taking_;
  mutable std::set<const rocksdb::Snapshot*> taken_; // of this opening
};

} // namespace habitd
