#include "storage/schema.hpp"

#include "storage/keys.hpp"

#include <fmt/format.h>

#include <charconv>
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

} // namespace

const std::vector<migration>& current_migrations() {
  static const std::vector<migration> steps{aggregates_by_day};
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
