#include "storage/corpus_store.hpp"

#include "storage/bytes.hpp"
#include "storage/corpus_records.hpp"
#include "storage/keys.hpp"

namespace habitd {

namespace {

std::string topic_key(std::string_view source, std::string_view id) {
  std::string key{source};
  key.append(1, '\0').append(id);
  return key;
}

std::string time_key(wall_time at) {
  std::string key;
  append_big_endian(key, static_cast<std::uint64_t>(at.time_since_epoch().count()));
  return key;
}

std::string votes_key(std::string_view id, std::int32_t day) {
  std::string key{id};
  key += '\0';
  append_day(key, {day});
  return key;
}

constexpr std::uint8_t text_version = 1;

/// Version, count and distances of the shingles, then the YAML.
std::string encoded_text(const parsed_entry& entry) {
  std::string bytes(1, static_cast<char>(text_version));
  append_varint(bytes, entry.shingles.size());
  std::uint32_t last = 0;
  for (const auto shingle : entry.shingles) {
    append_varint(bytes, shingle - last);
    last = shingle;
  }
  return bytes += entry.yaml;
}

expected<parsed_entry> decoded_text(std::string_view id, std::string_view bytes) {
  stored_bytes in{bytes};
  parsed_entry entry;
  const auto version = in.byte();
  const auto count = in.varint();
  std::uint32_t last = 0;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i)
    entry.shingles.push_back(last += static_cast<std::uint32_t>(in.varint()));
  if (!in.ok() || version != text_version)
    return make_error(ec::corrupt_data, "text of corpus entry " + std::string{id});
  entry.yaml = std::string{in.text(in.left())};
  return entry;
}

/// All records of a family, decoded; the first that can't be is the error.
template <class Record>
expected<std::vector<Record>>
records_in(const database& db, family in, expected<Record> (*decode)(std::string_view),
           std::string_view from = {}, std::string_view to = {},
           const snapshot* at = nullptr) {
  std::vector<Record> records;
  error bad;
  auto failed = db.scan(
    in, from, to,
    [&](std::string_view key, std::string_view value) {
      auto record = decode(value);
      if (!record) {
        bad = make_error(ec::corrupt_data,
                         describe(record.error()) + ": " + std::string{key});
        return false;
      }
      records.push_back(std::move(*record));
      return true;
    },
    at);
  if (failed)
    return failed;
  if (bad)
    return bad;
  return records;
}

} // namespace

void corpus_store::put(batch& changes, const corpus_entry& entry) const {
  changes.put(family::corpus, entry.id, to_json(entry));
}

void corpus_store::put_text(batch& changes, const parsed_entry& entry) const {
  changes.put(family::corpus_text, entry.entry.id, encoded_text(entry));
}

void corpus_store::erase(batch& changes, std::string_view id) const {
  changes.erase(family::corpus, id);
}

void corpus_store::erase_text(batch& changes, std::string_view id) const {
  changes.erase(family::corpus_text, id);
}

expected<corpus_entry> corpus_store::get(std::string_view id, const snapshot* at) const {
  const auto stored = db_.get(family::corpus, id, at);
  if (!stored)
    return code_of(stored.error()) == ec::not_found
             ? make_error(ec::not_found, "no corpus entry with id " + std::string{id})
             : stored.error();
  return corpus_entry_from_json(*stored);
}

expected<std::vector<corpus_entry>> corpus_store::all(const snapshot* at) const {
  return records_in<corpus_entry>(db_, family::corpus, corpus_entry_from_json, {}, {},
                                  at);
}

expected<std::string> corpus_store::yaml(std::string_view id) const {
  const auto stored = db_.get(family::corpus_text, id);
  if (!stored)
    return stored.error();
  auto text = decoded_text(id, *stored);
  if (!text)
    return text.error();
  return std::move(text->yaml);
}

expected<std::vector<std::uint32_t>> corpus_store::shingles(std::string_view id) const {
  const auto stored = db_.get(family::corpus_text, id);
  if (!stored)
    return stored.error();
  auto text = decoded_text(id, *stored);
  if (!text)
    return text.error();
  return std::move(text->shingles);
}

void corpus_store::put_deleted(batch& changes, const deleted_entry& entry) const {
  changes.put(family::corpus_deleted, entry.entry.id, to_json(entry));
}

void corpus_store::erase_deleted(batch& changes, std::string_view id) const {
  changes.erase(family::corpus_deleted, id);
}

expected<deleted_entry> corpus_store::get_deleted(std::string_view id) const {
  const auto stored = db_.get(family::corpus_deleted, id);
  if (!stored)
    return code_of(stored.error()) == ec::not_found
             ? make_error(ec::not_found, "no deleted entry with id " + std::string{id})
             : stored.error();
  return deleted_entry_from_json(*stored);
}

expected<std::vector<deleted_entry>> corpus_store::all_deleted() const {
  return records_in<deleted_entry>(db_, family::corpus_deleted, deleted_entry_from_json);
}

void corpus_store::put_votes(batch& changes, std::string_view id,
                             vote_count votes) const {
  std::string value;
  append_varint(value, votes.votes);
  changes.put(family::corpus_votes, votes_key(id, votes.day), value);
}

expected<std::map<std::string, std::vector<vote_count>>>
corpus_store::votes_since(std::int32_t since) const {
  std::map<std::string, std::vector<vote_count>> by_id;
  auto failed = db_.scan(
    family::corpus_votes, {}, {}, [&](std::string_view key, std::string_view value) {
      if (key.size() < 5)
        return true;
      const auto day = read_day(key.substr(key.size() - 4)).number;
      if (day >= since)
        by_id[std::string{key.substr(0, key.size() - 5)}].push_back(
          {day, static_cast<std::uint32_t>(stored_bytes{value}.varint())});
      return true;
    });
  if (failed)
    return failed;
  return by_id;
}

expected<std::vector<vote_count>> corpus_store::votes_of(std::string_view id) const {
  std::vector<vote_count> votes;
  auto end = std::string{id} + '\1';
  auto failed = db_.scan(family::corpus_votes, std::string{id} + '\0', end,
                         [&](std::string_view key, std::string_view value) {
                           votes.push_back(
                             {read_day(key.substr(key.size() - 4)).number,
                              static_cast<std::uint32_t>(stored_bytes{value}.varint())});
                           return true;
                         });
  if (failed)
    return failed;
  return votes;
}

void corpus_store::erase_votes(batch& changes, std::string_view id) const {
  if (const auto votes = votes_of(id))
    for (const auto& count : *votes)
      changes.erase(family::corpus_votes, votes_key(id, count.day));
}

std::size_t corpus_store::drop_votes_before(batch& changes, std::int32_t day) const {
  std::size_t dropped = 0;
  (void)db_.scan(
    family::corpus_votes, {}, {}, [&](std::string_view key, std::string_view) {
      if (key.size() > 4 && read_day(key.substr(key.size() - 4)).number < day) {
        changes.erase(family::corpus_votes, key);
        ++dropped;
      }
      return true;
    });
  return dropped;
}

void corpus_store::put_topic(batch& changes, const corpus_topic& topic) const {
  changes.put(family::corpus_source, topic_key(topic.source, topic.source_id),
              to_json(topic));
}

void corpus_store::erase_topic(batch& changes, std::string_view source,
                               std::string_view id) const {
  changes.erase(family::corpus_source, topic_key(source, id));
}

expected<std::vector<corpus_topic>> corpus_store::topics(std::string_view source) const {
  return records_in<corpus_topic>(db_, family::corpus_source, corpus_topic_from_json,
                                  std::string{source} + '\0', std::string{source} + '\1');
}

error corpus_store::append_audit(batch& changes,
                                 const std::vector<audit_row>& rows) const {
  std::string last;
  if (auto stored = db_.last_key(family::audit))
    last = std::move(*stored);
  else if (code_of(stored.error()) != ec::not_found)
    return stored.error();
  for (const auto& row : rows) {
    auto key = time_key(row.at);
    if (last.size() == 12 &&
        last.substr(0, 8) >= key) { // also where a clock was set back
      key = last.substr(0, 8);
      append_big_endian(key,
                        big_endian<std::uint32_t>(std::string_view{last}.substr(8)) + 1);
    } else {
      append_big_endian(key, std::uint32_t{0});
    }
    changes.put(family::audit, key, to_json(row));
    last = std::move(key);
  }
  return {};
}

expected<std::vector<audit_row>> corpus_store::audit(const audit_query& query) const {
  std::vector<audit_row> rows;
  const auto oldest = time_key(query.since);
  error bad;
  auto failed =
    db_.scan_back(family::audit, {}, [&](std::string_view key, std::string_view value) {
      if (key.substr(0, 8) < oldest)
        return false;
      auto row = audit_row_from_json(value);
      if (!row) {
        bad = row.error();
        return false;
      }
      if (!query.operation || row->operation == *query.operation)
        rows.push_back(std::move(*row));
      return rows.size() < query.limit;
    });
  if (failed)
    return failed;
  if (bad)
    return bad;
  return rows;
}

void corpus_store::drop_audit_before(batch& changes, wall_time before) const {
  const auto end = time_key(before);
  if (db_.may_hold(family::audit, {}, end))
    (void)db_.scan(family::audit, {}, end, [&](std::string_view key, std::string_view) {
      changes.erase(family::audit, key);
      return true;
    });
}

void corpus_store::put_refresh(batch& changes, const refresh_summary& summary) const {
  changes.put(family::refreshes, time_key(summary.started), to_json(summary));
}

expected<std::vector<refresh_summary>> corpus_store::refreshes(std::size_t limit) const {
  std::vector<refresh_summary> latest;
  if (limit == 0)
    return latest;
  error bad;
  auto failed =
    db_.scan_back(family::refreshes, {}, [&](std::string_view, std::string_view value) {
      auto summary = refresh_summary_from_json(value);
      if (!summary) {
        bad = summary.error();
        return false;
      }
      latest.push_back(std::move(*summary));
      return latest.size() < limit;
    });
  if (failed)
    return failed;
  if (bad)
    return bad;
  return latest;
}

} // namespace habitd
