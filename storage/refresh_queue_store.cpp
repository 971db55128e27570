#include "storage/refresh_queue_store.hpp"

#include "storage/bytes.hpp"
#include "storage/standard_records.hpp"

namespace habitd {

namespace {

constexpr std::string_view wait_prefix = "wait/";
constexpr std::string_view wait_end = "wait0"; // '0' follows '/'
constexpr std::string_view switch_key = "switch";
constexpr std::string_view spent_key = "spent";

std::string key_of(std::string_view id) {
  return std::string{wait_prefix}.append(id);
}

} // namespace

void refresh_queue_store::put(batch& changes, const refresh_entry& entry) const {
  changes.put(family::refresh_queue, key_of(entry.id), to_json(entry));
}

void refresh_queue_store::erase(batch& changes, std::string_view id) const {
  changes.erase(family::refresh_queue, key_of(id));
}

expected<std::vector<refresh_entry>> refresh_queue_store::list(batch& drop) const {
  std::vector<refresh_entry> entries;
  if (auto failed = db_.scan(family::refresh_queue, wait_prefix, wait_end,
                             [&](std::string_view key, std::string_view text) {
                               auto entry = refresh_entry_from_json(text);
                               if (entry && key_of(entry->id) == key)
                                 entries.push_back(std::move(*entry));
                               else
                                 drop.erase(family::refresh_queue, key);
                               return true;
                             }))
    return failed;
  return entries;
}

expected<bool> refresh_queue_store::is_on() const {
  const auto stored = db_.get(family::refresh_queue, switch_key);
  if (!stored)
    return code_of(stored.error()) == ec::not_found ? expected<bool>{true}
                                                    : stored.error();
  return *stored != "off";
}

void refresh_queue_store::put_on(batch& changes, bool on) const {
  changes.put(family::refresh_queue, switch_key, on ? "on" : "off");
}

expected<day_spending> refresh_queue_store::spending() const {
  const auto stored = db_.get(family::refresh_queue, spent_key);
  if (!stored)
    return code_of(stored.error()) == ec::not_found
             ? expected<day_spending>{day_spending{}}
             : stored.error();
  stored_bytes in{*stored};
  const day_spending spent{static_cast<std::int32_t>(from_zigzag(in.varint())),
                           in.varint(), in.varint()};
  return in.ok() && in.at_end() ? spent : day_spending{};
}

void refresh_queue_store::put(batch& changes, const day_spending& spent) const {
  std::string bytes;
  append_varint(bytes, zigzag(spent.day));
  append_varint(bytes, spent.calls);
  append_varint(bytes, spent.tokens);
  changes.put(family::refresh_queue, spent_key, bytes);
}

} // namespace habitd
