#include "storage/day_record.hpp"

#include "storage/bytes.hpp"

#include <fmt/format.h>

namespace habitd {

namespace {

// A record is: version byte, flags, then varints: epoch, seen_epoch, cut_off, observed as
// lengths of alternating runs (unobserved first), exposure as values and lengths of runs, and
// the counts in the order of `counts_of`. A day seen throughout takes some 30 bytes.
constexpr std::uint8_t record_version = 2;
constexpr unsigned raw_kept_flag = 1;

// A seal is: version byte, the detector's format, epoch as varint.
constexpr std::uint8_t seal_version = 1;

template <class Counts>
auto counts_of(Counts& c) {
  return std::array{&c.rows,           &c.kept,        &c.automated, &c.duplicate,
                    &c.attribute_only, &c.unavailable, &c.restart,   &c.echo,
                    &c.periodic,       &c.not_a_turn};
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

error bad_record(local_day day) {
  return make_error(ec::corrupt_data, fmt::format("record of day {}", day.number));
}

bool take_counts(stored_bytes& in, day_counts& counts) {
  for (auto* count : counts_of(counts))
    *count = in.varint();
  return in.ok();
}

} // namespace

detector_set due_for(const std::vector<day_observer>& observers,
                     const day_record& record) {
  detector_set due;
  if (!record.raw_kept)
    return due;
  for (const auto& [detector, format] : observers) {
    const auto seal = record.seals.find(detector);
    if (seal == record.seals.end() || seal->second != day_seal{format, record.epoch})
      due.set(index_of(detector));
  }
  return due;
}

std::string encode(const day_record& record) {
  std::string bytes(1, static_cast<char>(record_version));
  bytes += static_cast<char>(record.raw_kept ? raw_kept_flag : 0);
  append_varint(bytes, record.epoch);
  append_varint(bytes, record.seen_epoch);
  append_varint(bytes, record.cut_off);
  append_observed(bytes, record.observed);
  append_exposure(bytes, record.exposure);
  for (const auto* count : counts_of(record.counts))
    append_varint(bytes, *count);
  return bytes;
}

expected<day_record> decode_day(std::string_view bytes, local_day day) {
  stored_bytes in{bytes};
  day_record record;
  const auto version = in.byte();
  const unsigned flags = in.byte();
  record.raw_kept = (flags & raw_kept_flag) != 0;
  record.epoch = in.varint();
  record.seen_epoch = in.varint();
  const auto cut_off = in.varint();
  record.cut_off = static_cast<std::uint32_t>(cut_off);
  const auto good = version == record_version && flags <= raw_kept_flag &&
                    cut_off <= UINT32_MAX && read_observed(in, record.observed) &&
                    read_exposure(in, record.exposure) &&
                    take_counts(in, record.counts) && in.at_end();
  return good ? expected<day_record>{std::move(record)} : bad_record(day);
}

std::string encode(const day_seal& seal) {
  std::string bytes(1, static_cast<char>(seal_version));
  bytes += static_cast<char>(seal.format);
  append_varint(bytes, seal.epoch);
  return bytes;
}

expected<day_seal> decode_seal(std::string_view bytes, local_day day) {
  stored_bytes in{bytes};
  const auto version = in.byte();
  day_seal seal;
  seal.format = in.byte();
  seal.epoch = in.varint();
  const auto good = version == seal_version && in.ok() && in.at_end();
  return good ? expected<day_seal>{seal} : bad_record(day);
}

expected<day_record> decode_day_of_schema_2(std::string_view bytes, local_day day) {
  constexpr unsigned dirty_flag = 1;
  constexpr unsigned kept_flag = 2;
  constexpr unsigned trouble_flag = 4;
  stored_bytes in{bytes};
  day_record record;
  const auto version = in.byte();
  const unsigned flags = in.byte();
  record.raw_kept = (flags & kept_flag) != 0;
  const auto seals = in.varint();
  auto good = version == 1 && flags <= (dirty_flag | kept_flag | trouble_flag) &&
              read_observed(in, record.observed) && read_exposure(in, record.exposure) &&
              take_counts(in, record.counts);
  std::uint64_t missing = 0;
  if ((flags & trouble_flag) != 0) {
    missing = in.varint();
    record.cut_off = static_cast<std::uint32_t>(in.varint());
  }
  good = good && in.ok() && in.at_end();
  if (!good)
    return bad_record(day);
  record.seen_epoch = seals > 0 ? 1 : 0;
  record.epoch = record.seen_epoch + ((flags & dirty_flag) != 0 ? 1 : 0);
  const detector_set not_seen{missing};
  for (const auto detector : {detector_id::time_of_day, detector_id::co_occurrence})
    if (seals > 0 && !not_seen[index_of(detector)])
      record.seals[detector] = {.format = 1, .epoch = record.seen_epoch};
  return record;
}

} // namespace habitd
