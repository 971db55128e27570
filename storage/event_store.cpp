#include "storage/event_store.hpp"

#include "storage/keys.hpp"

namespace habitd {

void event_store::put(batch& changes, local_day day, std::uint64_t block_id,
                      std::string_view block) {
  auto key = day_key(day);
  append_big_endian(key, block_id);
  changes.put(family::events, key, std::string{block});
}

expected<stored_day> event_store::read(local_day day) const {
  stored_day rows;
  error bad_block;
  auto failed = db_.scan(family::events, day_key(day), day_key(day + 1),
                         [&](std::string_view, std::string_view block) {
                           bad_block = decode_events(block, rows);
                           return !bad_block;
                         });
  if (failed)
    return failed;
  if (bad_block)
    return bad_block;
  return rows;
}

void event_store::erase(batch& changes, local_day day) {
  changes.erase_range(family::events, day_key(day), day_key(day + 1));
}

error event_store::free_before(local_day day) {
  return db_.free_files_below(family::events, day_key(day));
}

} // namespace habitd
