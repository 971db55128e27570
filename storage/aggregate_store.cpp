#include "storage/aggregate_store.hpp"

#include "storage/keys.hpp"

namespace habitd {

namespace {

constexpr std::size_t part_offset = 5; // after detector and day

std::string key_of(detector_id detector) {
  return std::string(1, static_cast<char>(detector));
}

std::string key_of(detector_id detector, local_day day) {
  auto key = key_of(detector);
  append_day(key, day);
  return key;
}

std::string key_of(detector_id detector, local_day day, std::uint32_t part) {
  auto key = key_of(detector, day);
  append_big_endian(key, part);
  return key;
}

} // namespace

void aggregate_store::put_day(batch& changes, detector_id detector, local_day day,
                              const std::vector<aggregate_part>& parts) {
  changes.erase_range(family::aggregates_daily, key_of(detector, day),
                      key_of(detector, day + 1));
  for (const auto& part : parts)
    changes.put(family::aggregates_daily, key_of(detector, day, part.part), part.bytes);
}

expected<std::string> aggregate_store::get(detector_id detector, local_day day,
                                           std::uint32_t part, const snapshot* at) const {
  return db_.get(family::aggregates_daily, key_of(detector, day, part), at);
}

error aggregate_store::scan_day(
  detector_id detector, local_day day,
  const std::function<bool(std::uint32_t part, std::string_view bytes)>& visit,
  const snapshot* at) const {
  return db_.scan(
    family::aggregates_daily, key_of(detector, day), key_of(detector, day + 1),
    [&](std::string_view key, std::string_view bytes) {
      return visit(big_endian<std::uint32_t>(key.substr(part_offset)), bytes);
    },
    at);
}

void aggregate_store::erase_before(batch& changes, detector_id detector, local_day day) {
  changes.erase_range(family::aggregates_daily, key_of(detector), key_of(detector, day));
}

} // namespace habitd
