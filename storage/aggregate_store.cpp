#include "storage/aggregate_store.hpp"

#include "storage/keys.hpp"

namespace habitd {

namespace {

constexpr std::size_t part_offset = 5; // after day and detector

std::string key_of(local_day day, detector_id detector) {
  auto key = day_key(day);
  key += static_cast<char>(detector);
  return key;
}

std::string key_of(local_day day, detector_id detector, std::uint32_t part) {
  auto key = key_of(day, detector);
  append_big_endian(key, part);
  return key;
}

/// The key behind all of a detector on a day.
std::string end_of(local_day day, detector_id detector) {
  return key_of(day, static_cast<detector_id>(static_cast<int>(detector) + 1));
}

} // namespace

void aggregate_store::put_day(batch& changes, detector_id detector, local_day day,
                              std::vector<aggregate_part> parts) {
  if (const auto from = key_of(day, detector), to = end_of(day, detector);
      db_.may_hold(family::aggregates_daily, from, to))
    changes.erase_range(family::aggregates_daily, from, to);
  for (auto& part : parts)
    changes.put(family::aggregates_daily, key_of(day, detector, part.part),
                std::move(part.bytes));
}

expected<std::string> aggregate_store::get(detector_id detector, local_day day,
                                           std::uint32_t part, const snapshot* at) const {
  return db_.get(family::aggregates_daily, key_of(day, detector, part), at);
}

error aggregate_store::scan_day(
  detector_id detector, local_day day,
  const std::function<bool(std::uint32_t part, std::string_view bytes)>& visit,
  const snapshot* at) const {
  return db_.scan(
    family::aggregates_daily, key_of(day, detector), end_of(day, detector),
    [&](std::string_view key, std::string_view bytes) {
      return visit(big_endian<std::uint32_t>(key.substr(part_offset)), bytes);
    },
    at);
}

void aggregate_store::erase_day(batch& changes, local_day day) {
  changes.erase_range(family::aggregates_daily, day_key(day), day_key(day + 1));
}

} // namespace habitd
