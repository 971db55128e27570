#pragma once

#include "messages/event.hpp"
#include "messages/home_day.hpp"
#include "storage/database.hpp"

namespace habitd {

/// One stored row; `entity` is a number of the entity store, the states point into the
/// day's texts.
struct stored_event {
  wall_time at{};
  entity_number entity = 0; // 0 for `row_kind::restart`
  std::uint32_t state = 0;  // into stored_day::texts
  std::uint32_t old_state = 0;
  previous before = previous::unspecified;
  row_kind kind = row_kind::change;
  cause by = cause::unknown;
  std::uint64_t act = 0;
};

/// All stored rows of one local day, in no promised order, duplicates included.
struct stored_day {
  text_pool texts;
  std::vector<stored_event> events;
};

/// Packs rows of one day: columns, delta-coded times, a dictionary of states; RocksDB
/// compresses the rest. `decode` of anything else is ec::corrupt_data, never a crash.
std::string encode_events(const stored_day& rows);
error decode_events(std::string_view block, stored_day& append_to);

/// Raw events of the last days, in blocks (family `events`, key: day, block id).
class event_store {
public:
  explicit event_store(database& db) : db_{db} {}

  /// @param block_id  unique per day; writing the same id again replaces the block, so a
  ///                  reader that repeats a page changes nothing. Derived from the source's
  ///                  identity and position.
  void put(batch& changes, local_day day, std::uint64_t block_id, std::string_view block);
  expected<stored_day> read(local_day day) const;
  void erase(batch& changes, local_day day);

  /// Gives back the disk space of the days before `day`, which are erased.
  error free_before(local_day day);

private:
  database& db_;
};

} // namespace habitd
