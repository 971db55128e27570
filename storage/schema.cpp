#include "storage/schema.hpp"

#include "messages/log_of.hpp"
#include "storage/day_record.hpp"
#include "storage/keys.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <system_error>

namespace habitd {

namespace {

constexpr std::string_view schema_key = "schema";

error mark(database& db, batch&& changes, std::size_t version) {
  changes.put(family::meta, schema_key, std::to_string(version));
  return db.write(std::move(changes));
}

/// One that is there already is of an earlier try: it shows the store before any step
/// touched it, so it is the one to keep.
error keep_copy(const database& db, const std::filesystem::path& beside,
                std::size_t version) {
  const std::filesystem::path target =
    fmt::format("{}.before-schema-{}", beside.string(), version);
  std::error_code failed;
  if (std::filesystem::exists(target, failed))
    return {};
  return db.checkpoint(target);
}

/// Version 1 kept daily aggregates by detector, day and part; 2 has the day first. Days after
/// 1970, all there are, begin with a byte that no detector's number has.
error aggregates_by_day(database& db, batch& last) {
  const std::string days_begin{'\x80'};
  constexpr std::size_t enough = 1 << 20; // bytes at a time, for the sake of memory
  for (std::string from;;) {
    batch changes;
    std::size_t size = 0;
    auto failed =
      db.scan(family::aggregates_daily, from, days_begin,
              [&](std::string_view key, std::string_view value) {
                const std::string detector{key.substr(0, 1)};
                const std::string day{key.substr(1, 4)};
                changes.put(family::aggregates_daily,
                            (day + detector).append(key.substr(5)), std::string{value});
                from.assign(key) += '\0';
                size += value.size();
                return size < enough;
              });
    if (failed)
      return failed;
    if (size < enough) {
      last = std::move(changes);
      break;
    }
    if (auto unwritten = db.write(std::move(changes)))
      return unwritten;
  }
  last.erase_range(family::aggregates_daily, {}, days_begin);
  return {};
}

/// Where the first day lies behind the anchor, days were dropped; rows of those are of no use.
error note_forgotten(const database& db, batch& last, local_day first) {
  const auto anchor = db.get(family::meta, "anchor");
  if (!anchor)
    return code_of(anchor.error()) == ec::not_found ? error{} : anchor.error();
  if (anchor->size() == day_key(first).size() && read_day(*anchor) < first)
    last.put(family::meta, "days:forgotten_before", day_key(first));
  return {};
}

/// A row dated ahead made version 2 drop all days but the last ones before it. The sources
/// are read from the start, for what they still hold.
error read_all_again(const database& db, batch& last) {
  return db.scan(family::meta, "cursor:", "cursor;",
                 [&last](std::string_view key, std::string_view) {
                   last.erase(family::meta, key);
                   return true;
                 });
}

/// Version 2 kept who had observed a day in its one record; 3 has a row for each detector.
/// A record that can't be read is left out: its day is one that nobody has seen.
error days_by_detector(database& db, batch& last) {
  std::optional<local_day> first, latest;
  auto failed =
    db.scan(family::days, {}, {}, [&](std::string_view key, std::string_view bytes) {
      const auto day = key.size() == day_key({}).size() ? read_day(key) : local_day{};
      const auto record = decode_day_of_schema_2(bytes, day);
      if (key.size() != day_key({}).size() || !record) {
        log_of(log_area::storage)
          .error("a record of days is left out: {}",
                 record ? "its key is none" : describe(record.error()));
        last.erase(family::days, key);
        return true;
      }
      last.put(family::days, key, encode(*record));
      for (const auto& [detector, seal] : record->seals)
        last.put(family::days, std::string{key} + static_cast<char>(detector),
                 encode(seal));
      first = first.value_or(day);
      latest = day;
      return true;
    });
  if (failed || !first || !latest)
    return failed;
  constexpr auto margin = std::chrono::days{2}; // of any zone
  const auto now = db.opened_at();
  const auto tomorrow =
    std::chrono::floor<std::chrono::days>(now + margin).time_since_epoch().count();
  return now != wall_time{} && latest->number > tomorrow
           ? read_all_again(db, last)
           : note_forgotten(db, last, *first);
}

} // namespace

const std::vector<migration>& current_migrations() {
  static const std::vector<migration> steps{aggregates_by_day, days_by_detector};
  return steps;
}

expected<std::size_t> schema_version(const database& db) {
  const auto text = db.get(family::meta, schema_key);
  if (!text) {
    if (code_of(text.error()) == ec::not_found)
      return std::size_t{0};
    return text.error();
  }
  std::size_t version = 0;
  const auto* end = text->data() + text->size();
  const auto [stop, failed] = std::from_chars(text->data(), end, version);
  if (failed != std::errc{} || stop != end || version == 0)
    return make_error(ec::corrupt_data, "schema version",
                      fmt::format("not a version: \"{}\"", *text));
  return version;
}

error step_schema(database& db, std::size_t from, const std::filesystem::path& beside,
                  const std::vector<migration>& steps) {
  const auto current = steps.size() + 1;
  if (from > current)
    return make_error(
      ec::invalid_input, beside.string(),
      fmt::format("written by a newer habitd: schema {}, this one knows {}", from,
                  current));
  if (from == current)
    return {};
  if (from == 0)
    return mark(db, {}, current);
  if (auto err = keep_copy(db, beside, current))
    return err;
  for (; from < current; ++from) {
    batch last;
    if (auto err = steps[from - 1](db, last))
      return err;
    if (auto err = mark(db, std::move(last), from + 1))
      return err;
  }
  return {};
}

} // namespace habitd
