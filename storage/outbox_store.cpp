#include "storage/outbox_store.hpp"

#include "storage/bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace habitd {

namespace {

constexpr std::uint8_t entry_version = 2; // 1: has no subject
constexpr std::size_t largest_payload = std::size_t{256} * 1024;
constexpr std::size_t most_dead_letters = 1000;
constexpr std::string_view dead_prefix = "dead/";
constexpr std::string_view waiting_prefix = "waiting/";

// In family::meta, since they outlive the entries.
constexpr std::string_view reserved_key = "outbox:reserved";
constexpr std::string_view delivered_prefix = "outbox:delivered:";

/// Sequences are reserved in blocks before they are used, not stored with each entry: so
/// batches may commit in any order, or never, and no sequence comes twice.
constexpr std::uint64_t block = 64;

std::string waiting_from(std::string_view target) {
  return fmt::format("{}{}/", waiting_prefix, target);
}

/// All digits of 64 bits, so that keys sort as numbers do.
std::string waiting_key(const outbox_entry& entry) {
  return fmt::format("{}{:020}", waiting_from(entry.target), entry.sequence);
}

std::string dead_key(std::uint64_t sequence) {
  return fmt::format("{}{:020}", dead_prefix, sequence);
}

/// The least key that does not begin with `prefix`, which ends in '/'.
std::string behind(std::string_view prefix) {
  std::string end{prefix};
  end.back() = '/' + 1;
  return end;
}

std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void append_text(std::string& to, const std::string& text) {
  append_varint(to, text.size());
  to += text;
}

void append_time(std::string& to, wall_time at) {
  append_varint(to, zigzag(at.time_since_epoch().count()));
}

std::string encoded(const outbox_entry& entry) {
  std::string bytes;
  bytes += static_cast<char>(entry_version);
  append_time(bytes, entry.created);
  append_time(bytes, entry.next_attempt);
  append_varint(bytes, entry.attempts);
  for (const auto* text : {&entry.target, &entry.content_type, &entry.correlation_id,
                           &entry.last_error, &entry.payload, &entry.subject})
    append_text(bytes, *text);
  return bytes;
}

enum class wanted : std::uint8_t { all, without_payload };

expected<outbox_entry> decoded(std::string_view key, std::string_view bytes,
                               wanted what = wanted::all) {
  stored_bytes in{bytes};
  const auto version = in.byte();
  const auto time = [&in] {
    return wall_time{std::chrono::milliseconds{from_zigzag(in.varint())}};
  };
  outbox_entry entry;
  entry.sequence = number_of(key.substr(key.rfind('/') + 1));
  entry.dead = key.starts_with(dead_prefix);
  entry.created = time();
  entry.next_attempt = time();
  entry.attempts = static_cast<std::uint32_t>(in.varint());
  for (auto* text :
       {&entry.target, &entry.content_type, &entry.correlation_id, &entry.last_error})
    *text = in.text(in.varint());
  const auto payload = in.text(in.varint());
  if (what == wanted::all)
    entry.payload = payload;
  if (version > 1)
    entry.subject = in.text(in.varint());
  if (version < 1 || version > entry_version || !in.ok() || !in.at_end())
    return make_error(ec::corrupt_data, "outbox entry " + std::string{key});
  return entry;
}

bool is_target_name(const std::string& name) {
  return !name.empty() && name.size() <= 32 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == name.npos;
}

expected<std::vector<std::pair<std::string, outbox_entry>>>
read_entries(const database& db, std::string_view from, std::string_view to,
             std::size_t limit, wanted what = wanted::all) {
  std::vector<std::pair<std::string, outbox_entry>> entries;
  if (limit == 0)
    return entries;
  if (auto failed = db.scan(family::outbox, from, to,
                            [&](std::string_view key, std::string_view bytes) {
                              if (auto entry = decoded(key, bytes, what))
                                entries.emplace_back(key, std::move(*entry));
                              return entries.size() < limit;
                            }))
    return failed;
  return entries;
}

/// A number under a key of family::meta; 0 if there is none.
expected<std::uint64_t> stored_number(const database& db, std::string_view key) {
  const auto text = db.get(family::meta, key);
  if (!text && code_of(text.error()) != ec::not_found)
    return text.error();
  return text ? number_of(*text) : 0;
}

std::string delivered_key(std::string_view target) {
  return fmt::format("{}{}", delivered_prefix, target);
}

} // namespace

expected<std::uint64_t> outbox_store::take_sequence() {
  const std::lock_guard lock{mutex_};
  if (next_sequence_ == reserved_end_) {
    const auto reserved = stored_number(db_, reserved_key);
    if (!reserved)
      return reserved.error();
    // A new store, or an old copy of one, goes on behind all that were given: receivers
    // know repeats by them.
    const auto seconds =
      std::chrono::floor<std::chrono::seconds>(db_.opened_at().time_since_epoch());
    const auto least = std::max<std::int64_t>(seconds.count(), 1);
    const auto first = std::max(*reserved, static_cast<std::uint64_t>(least));
    batch changes;
    changes.put(family::meta, reserved_key, std::to_string(first + block));
    if (auto failed = db_.write(std::move(changes)))
      return failed;
    next_sequence_ = first;
    reserved_end_ = first + block;
  }
  return next_sequence_++;
}

expected<std::uint64_t> outbox_store::stage(batch& changes, outbox_entry entry) {
  if (!is_target_name(entry.target))
    return make_error(ec::invalid_input, "outbox target \"" + entry.target + "\"");
  if (entry.payload.size() > largest_payload)
    return make_error(ec::invalid_input,
                      fmt::format("outbox payload of {} bytes, at most {} are taken",
                                  entry.payload.size(), largest_payload));
  const auto sequence = take_sequence();
  if (!sequence)
    return sequence.error();
  entry.sequence = *sequence;
  put(changes, entry);
  return *sequence;
}

expected<outbox_entry> outbox_store::next(const std::string& target) const {
  const auto from = waiting_from(target);
  expected<outbox_entry> first{
    make_error(ec::not_found, "nothing is waiting for " + target)};
  const auto failed = db_.scan(family::outbox, from, behind(from),
                               [&](std::string_view key, std::string_view bytes) {
                                 first = decoded(key, bytes);
                                 return false;
                               });
  if (failed)
    return failed;
  return first;
}

void outbox_store::put(batch& changes, const outbox_entry& entry) const {
  changes.put(family::outbox, waiting_key(entry), encoded(entry));
}

error outbox_store::erase_delivered(batch& changes, const outbox_entry& entry) const {
  const auto key = delivered_key(entry.target);
  const auto before = stored_number(db_, key);
  if (!before)
    return before.error();
  changes.erase(family::outbox, waiting_key(entry));
  changes.put(family::meta, key, std::to_string(*before + 1));
  return {};
}

error outbox_store::bury(batch& changes, const outbox_entry& entry) const {
  std::vector<std::string> keys;
  if (auto failed = db_.scan(family::outbox, dead_prefix, behind(dead_prefix),
                             [&keys](std::string_view key, std::string_view) {
                               keys.emplace_back(key);
                               return true;
                             }))
    return failed;
  for (std::size_t i = 0; i + most_dead_letters <= keys.size(); ++i)
    changes.erase(family::outbox, keys[i]);
  changes.erase(family::outbox, waiting_key(entry));
  changes.put(family::outbox, dead_key(entry.sequence), encoded(entry));
  return {};
}

void outbox_store::revive(batch& changes, outbox_entry entry) const {
  changes.erase(family::outbox, dead_key(entry.sequence));
  entry.dead = false;
  put(changes, entry);
}

expected<std::size_t> outbox_store::drop_unreadable(batch& changes) const {
  std::size_t dropped = 0;
  if (auto failed = db_.scan(family::outbox, {}, {},
                             [&](std::string_view key, std::string_view bytes) {
                               if (!decoded(key, bytes, wanted::without_payload)) {
                                 changes.erase(family::outbox, key);
                                 ++dropped;
                               }
                               return true;
                             }))
    return failed;
  return dropped;
}

expected<outbox_entry> outbox_store::dead_letter(std::uint64_t sequence) const {
  const auto key = dead_key(sequence);
  const auto bytes = db_.get(family::outbox, key);
  if (!bytes && code_of(bytes.error()) == ec::not_found)
    return make_error(ec::not_found,
                      fmt::format("no dead letter with the id {}", sequence));
  if (!bytes)
    return bytes.error();
  return decoded(key, *bytes);
}

expected<std::vector<outbox_entry>> outbox_store::dead_letters() const {
  auto rows = read_entries(db_, dead_prefix, behind(dead_prefix), SIZE_MAX,
                           wanted::without_payload);
  if (!rows)
    return rows.error();
  std::vector<outbox_entry> letters;
  for (auto& [key, entry] : *rows)
    letters.push_back(std::move(entry));
  return letters;
}

expected<std::vector<std::pair<std::string, outbox_entry>>>
outbox_store::list(std::string_view after, std::size_t limit) const {
  std::string from{after};
  if (!after.empty())
    from += '\0'; // the least key greater than `after`
  return read_entries(db_, from, {}, limit);
}

expected<std::map<std::string, outbox_counts>> outbox_store::counts() const {
  std::map<std::string, outbox_counts> by_target;
  const auto entries = read_entries(db_, {}, {}, SIZE_MAX, wanted::without_payload);
  if (!entries)
    return entries.error();
  for (const auto& [key, entry] : *entries) {
    auto& counts = by_target[entry.target];
    ++(entry.dead ? counts.dead : counts.waiting);
  }
  std::string end{delivered_prefix};
  ++end.back();
  if (auto failed =
        db_.scan(family::meta, delivered_prefix, end,
                 [&](std::string_view key, std::string_view number) {
                   const std::string target{key.substr(delivered_prefix.size())};
                   by_target[target].delivered = number_of(number);
                   return true;
                 }))
    return failed;
  return by_target;
}

} // namespace habitd
