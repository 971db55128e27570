#include "storage/day_store.hpp"

#include "storage/bytes.hpp"
#include "storage/keys.hpp"

#include <fmt/format.h>

namespace habitd {

namespace {

// A record is: version byte, flags, then varints: revision, observed as lengths of
// alternating runs (unobserved first), exposure as values and lengths of runs, and the
// counts in the order of `counts_of`. A day that gave trouble has two more: missing
// detectors and cut_off. A day seen throughout takes some 30 bytes.
constexpr std::uint8_t record_version = 1;
constexpr unsigned dirty_flag = 1;
constexpr unsigned raw_kept_flag = 2;
constexpr unsigned trouble_flag = 4;

template <class Counts>
auto counts_of(Counts& c) {
  return std::array{&c.rows,           &c.kept,        &c.automated, &c.duplicate,
                    &c.attribute_only, &c.unavailable, &c.restart,   &c.echo,
                    &c.periodic,       &c.not_a_turn};
}

expected<local_day> day_from_key(std::string_view key) {
  if (key.size() != sizeof(std::uint32_t))
    return make_error(ec::corrupt_data, "key of a day");
  return read_day(key);
}

void append_observed(std::string& to, const std::bitset<bins_per_day>& observed) {
  bool seen = false;
  for (std::size_t bin = 0; bin < observed.size(); seen = !seen) {
    const auto begin = bin;
    while (bin < observed.size() && observed[bin] == seen)
      ++bin;
    append_varint(to, bin - begin);
  }
}

bool read_observed(stored_bytes& in, std::bitset<bins_per_day>& observed) {
  bool seen = false;
  for (std::size_t bin = 0; bin < observed.size() && in.ok(); seen = !seen) {
    const auto length = in.varint();
    if (length > observed.size() - bin || (length == 0 && bin > 0))
      return false;
    for (const auto end = bin + length; bin < end; ++bin)
      observed[bin] = seen;
  }
  return in.ok();
}

void append_exposure(std::string& to,
                     const std::array<std::uint16_t, slots_per_day>& exposure) {
  for (std::size_t slot = 0; slot < exposure.size();) {
    const auto begin = slot;
    while (slot < exposure.size() && exposure[slot] == exposure[begin])
      ++slot;
    append_varint(to, exposure[begin]);
    append_varint(to, slot - begin);
  }
}

bool read_exposure(stored_bytes& in, std::array<std::uint16_t, slots_per_day>& exposure) {
  for (std::size_t slot = 0; slot < exposure.size();) {
    const auto seconds = in.varint();
    const auto length = in.varint();
    if (seconds > UINT16_MAX || length == 0 || length > exposure.size() - slot)
      return false;
    for (const auto end = slot + length; slot < end; ++slot)
      exposure[slot] = static_cast<std::uint16_t>(seconds);
  }
  return in.ok();
}

std::string encode(const day_record& record) {
  const bool had_trouble = record.missing.any() || record.cut_off > 0;
  std::string bytes(1, static_cast<char>(record_version));
  bytes += static_cast<char>((record.dirty ? dirty_flag : 0) |
                             (record.raw_kept ? raw_kept_flag : 0) |
                             (had_trouble ? trouble_flag : 0));
  append_varint(bytes, record.revision);
  append_observed(bytes, record.observed);
  append_exposure(bytes, record.exposure);
  for (const auto* count : counts_of(record.counts))
    append_varint(bytes, *count);
  if (had_trouble) {
    append_varint(bytes, record.missing.to_ulong());
    append_varint(bytes, record.cut_off);
  }
  return bytes;
}

expected<day_record> decode(std::string_view bytes, local_day day) {
  stored_bytes in{bytes};
  day_record record;
  const auto version = in.byte();
  const unsigned flags = in.byte();
  record.dirty = (flags & dirty_flag) != 0;
  record.raw_kept = (flags & raw_kept_flag) != 0;
  record.revision = in.varint();
  auto good = version == record_version &&
              flags <= (dirty_flag | raw_kept_flag | trouble_flag) &&
              read_observed(in, record.observed) && read_exposure(in, record.exposure);
  for (auto* count : counts_of(record.counts))
    *count = in.varint();
  if ((flags & trouble_flag) != 0) {
    const auto missing = in.varint();
    const auto cut_off = in.varint();
    good = good && missing <= UINT32_MAX && cut_off <= UINT32_MAX;
    record.missing = detector_set{missing};
    record.cut_off = static_cast<std::uint32_t>(cut_off);
  }
  good = good && in.ok() && in.at_end();
  if (!good)
    return make_error(ec::corrupt_data, fmt::format("record of day {}", day.number));
  return record;
}

} // namespace

void day_store::put(batch& changes, local_day day, const day_record& record) {
  changes.put(family::days, day_key(day), encode(record));
}

expected<day_record> day_store::get(local_day day, const snapshot* at) const {
  const auto bytes = db_.get(family::days, day_key(day), at);
  if (!bytes)
    return bytes.error();
  return decode(*bytes, day);
}

expected<std::map<local_day, day_record>> day_store::range(local_day from, local_day to,
                                                           const snapshot* at) const {
  std::map<local_day, day_record> days;
  error bad_record;
  const auto visit = [&](std::string_view key, std::string_view bytes) {
    const auto day = day_from_key(key);
    auto record = day ? decode(bytes, *day) : day.error();
    if (record)
      days.emplace_hint(days.end(), *day, *record);
    else
      bad_record = record.error();
    return !bad_record;
  };
  if (from >= to)
    return days;
  if (auto failed = db_.scan(family::days, day_key(from), day_key(to), visit, at))
    return failed;
  if (bad_record)
    return bad_record;
  return days;
}

expected<std::optional<local_day>> day_store::first() const {
  std::string first;
  const auto visit = [&](std::string_view key, std::string_view) {
    first = key;
    return false;
  };
  if (auto failed = db_.scan(family::days, {}, {}, visit))
    return failed;
  if (first.empty())
    return std::optional<local_day>{};
  const auto day = day_from_key(first);
  if (!day)
    return day.error();
  return std::optional{*day};
}

expected<std::optional<local_day>> day_store::last() const {
  const auto key = db_.last_key(family::days);
  if (!key) {
    if (code_of(key.error()) == ec::not_found)
      return std::optional<local_day>{};
    return key.error();
  }
  const auto day = day_from_key(*key);
  if (!day)
    return day.error();
  return std::optional{*day};
}

void day_store::erase(batch& changes, local_day day) {
  changes.erase(family::days, day_key(day));
}

} // namespace habitd
