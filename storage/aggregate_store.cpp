#include "storage/aggregate_store.hpp"

#include "storage/bytes.hpp"
#include "storage/keys.hpp"

#include <array>

namespace habitd {

namespace {

constexpr std::size_t detector_offset = 4; // after the period
constexpr std::size_t part_offset = 5;     // after the detector

constexpr std::array layer_families{family::aggregates_daily, family::aggregates_weekly,
                                    family::aggregates_monthly};

family family_of(layer of) {
  return layer_families.at(static_cast<std::size_t>(of));
}

/// Periods are numbers, as days are.
std::string key_of(std::int32_t number) {
  return day_key({number});
}

std::string key_of(detector_id detector, period of) {
  return key_of(of.number) + static_cast<char>(detector);
}

std::string key_of(detector_id detector, period of, std::uint32_t part) {
  auto key = key_of(detector, of);
  append_big_endian(key, part);
  return key;
}

/// The key behind all of a detector in a period.
std::string end_of(detector_id detector, period of) {
  return key_of(static_cast<detector_id>(static_cast<int>(detector) + 1), of);
}

} // namespace

void aggregate_store::replace(batch& changes, detector_id detector, period of,
                              std::vector<aggregate_part> parts) {
  const auto in = family_of(of.of);
  if (const auto from = key_of(detector, of), to = end_of(detector, of);
      db_.may_hold(in, from, to))
    changes.erase_range(in, from, to);
  for (auto& part : parts)
    changes.put(in, key_of(detector, of, part.part), std::move(part.bytes));
}

void aggregate_store::put_day(batch& changes, detector_id detector, local_day day,
                              std::vector<aggregate_part> parts) {
  replace(changes, detector, day, std::move(parts));
  for (const auto longer : {layer::week, layer::month})
    touch(changes, {detector, period_of(day, longer)});
}

void aggregate_store::put_merged(batch& changes, const detector_period& one,
                                 std::vector<aggregate_part> parts, days_merged days) {
  replace(changes, one.detector, one.of, std::move(parts));
  std::string head;
  append_varint(head, days);
  changes.put(family_of(one.of.of), key_of(one.detector, one.of), std::move(head));
}

void aggregate_store::touch(batch& changes, const detector_period& one) {
  changes.put(family_of(one.of.of), key_of(one.detector, one.of), {});
}

expected<std::vector<detector_period>> aggregate_store::touched() const {
  std::vector<detector_period> found;
  for (const auto of : {layer::week, layer::month}) {
    const auto failed =
      db_.scan(family_of(of), {}, {}, [&](std::string_view key, std::string_view value) {
        if (key.size() == part_offset && value.empty())
          found.push_back(
            {static_cast<detector_id>(key[detector_offset]), {of, read_day(key).number}});
        return true;
      });
    if (failed)
      return failed;
  }
  return found;
}

expected<std::optional<days_merged>> aggregate_store::merged(const detector_period& one,
                                                             const snapshot* at) const {
  const auto head = db_.get(family_of(one.of.of), key_of(one.detector, one.of), at);
  if (!head && code_of(head.error()) != ec::not_found)
    return head.error();
  if (!head || head->empty())
    return std::optional<days_merged>{};
  stored_bytes in{*head};
  const auto days = in.varint();
  if (!in.ok() || !in.at_end() || days > UINT32_MAX)
    return make_error(ec::corrupt_data, "days of a merged aggregate");
  return std::optional{static_cast<days_merged>(days)};
}

expected<std::string> aggregate_store::get(detector_id detector, period of,
                                           std::uint32_t part, const snapshot* at) const {
  return db_.get(family_of(of.of), key_of(detector, of, part), at);
}

error aggregate_store::scan(detector_id detector, period of, const visit_part& visit,
                            const snapshot* at) const {
  return db_.scan(
    family_of(of.of), key_of(detector, of, 0), end_of(detector, of),
    [&](std::string_view key, std::string_view bytes) {
      return visit(big_endian<std::uint32_t>(key.substr(part_offset)), bytes);
    },
    at);
}

void aggregate_store::erase(batch& changes, period one) {
  changes.erase_range(family_of(one.of), key_of(one.number), key_of(one.number + 1));
}

error aggregate_store::erase_before(batch& changes, period end) {
  const auto in = family_of(end.of);
  for (std::string from;;) { // one seek a period, however many parts it has
    std::optional<std::int32_t> number;
    if (auto failed = db_.scan(in, from, key_of(end.number),
                               [&number](std::string_view key, std::string_view) {
                                 number = read_day(key).number;
                                 return false;
                               }))
      return failed;
    if (!number)
      return {};
    erase(changes, {end.of, *number});
    from = key_of(*number + 1);
  }
}

} // namespace habitd
