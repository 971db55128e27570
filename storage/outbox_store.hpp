#pragma once

#include "messages/outbox.hpp"
#include "storage/database.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace habitd {

/// What is in the outbox for one target.
struct outbox_counts {
  std::uint64_t waiting = 0;
  std::uint64_t dead = 0;
  std::uint64_t delivered = 0; // ever
};

/// Entries on their way out: waiting ones by target and sequence, dead letters by sequence.
/// One object per store, since it hands out the sequences. Thread-safe; what is waiting for
/// one target must be settled by one thread at a time.
class outbox_store {
public:
  explicit outbox_store(database& db) : db_{db} {}

  /// Stages an entry, which is on its way once `changes` is written; its sequence is given
  /// here. Those that one actor stages are delivered in that order.
  /// @errors ec::invalid_input for a target's name of other characters, or more than 256 KB
  ///         of payload; ec::unavailable if no sequences can be reserved.
  expected<std::uint64_t> stage(batch& changes, outbox_entry entry);

  /// The first waiting entry of a target. @errors ec::not_found; ec::corrupt_data: drop what
  /// can't be read, and ask again.
  expected<outbox_entry> next(const std::string& target) const;

  /// Notes an attempt that failed.
  void put(batch& changes, const outbox_entry& entry) const;

  /// Removes a delivered entry, and counts it.
  error erase_delivered(batch& changes, const outbox_entry& entry) const;

  /// Sets a waiting entry aside; of more than a thousand dead letters the oldest go.
  error bury(batch& changes, const outbox_entry& entry) const;

  /// Puts a dead letter back in line.
  void revive(batch& changes, outbox_entry entry) const;

  /// Drops the entries that don't decode, of all targets: nobody could deliver them.
  /// @returns  how many.
  expected<std::size_t> drop_unreadable(batch& changes) const;

  /// @errors ec::not_found; ec::corrupt_data.
  expected<outbox_entry> dead_letter(std::uint64_t sequence) const;

  /// All of them, by sequence, without what they say; none that doesn't decode.
  expected<std::vector<outbox_entry>> dead_letters() const;

  /// Dead letters by sequence, then waiting entries by target and sequence, each with the
  /// key that `after` takes to go on behind it; none that doesn't decode.
  expected<std::vector<std::pair<std::string, outbox_entry>>>
  list(std::string_view after = {}, std::size_t limit = SIZE_MAX) const;

  /// By target.
  expected<std::map<std::string, outbox_counts>> counts() const;

private:
  database& db_;
  std::mutex mutex_;
  std::uint64_t next_sequence_ = 0; // 0 = none reserved yet
  std::uint64_t reserved_end_ = 0;

  expected<std::uint64_t> take_sequence();
};

} // namespace habitd
