#include "storage/day_book.hpp"

#include "storage/keys.hpp"

#include <algorithm>

namespace habitd {

namespace {

constexpr std::string_view forgotten_key = "days:forgotten_before"; // in meta

std::string seal_key(local_day day, detector_id detector) {
  return day_key(day) + static_cast<char>(detector);
}

/// Puts the rows of days, in the order of their keys, together again.
class day_reader {
public:
  bool take(std::string_view key, std::string_view bytes) {
    constexpr std::size_t day_size = sizeof(std::uint32_t);
    if (key.size() != day_size && key.size() != day_size + 1)
      return fail(make_error(ec::corrupt_data, "key of a day"));
    const auto day = read_day(key);
    if (key.size() == day_size) {
      auto record = decode_day(bytes, day);
      if (!record)
        return fail(record.error());
      days.emplace_hint(days.end(), day, std::move(*record));
      return true;
    }
    const auto seal = decode_seal(bytes, day);
    if (!seal)
      return fail(seal.error());
    if (const auto record = days.find(day); record != days.end())
      record->second.seals.emplace(static_cast<detector_id>(key.back()), *seal);
    return true;
  }

  std::map<local_day, day_record> days;
  error failed;

private:
  bool fail(error reason) {
    failed = std::move(reason);
    return false;
  }
};

expected<std::map<local_day, day_record>> read_days(const database& db,
                                                    std::string_view from,
                                                    std::string_view to,
                                                    const snapshot* at) {
  day_reader reader;
  const auto take = [&reader](std::string_view key, std::string_view bytes) {
    return reader.take(key, bytes);
  };
  if (auto failed = db.scan(family::days, from, to, take, at))
    return failed;
  if (reader.failed)
    return std::move(reader.failed);
  return std::move(reader.days);
}

} // namespace

error day_book::change(const std::function<error(day_changes&)>& make) {
  const std::lock_guard alone{changing_};
  batch with;
  day_changes changes{*this, with};
  if (auto failed = make(changes))
    return failed;
  return db_.write(std::move(with));
}

expected<day_record> day_book::get(local_day day, const snapshot* at) const {
  auto found = read_days(db_, day_key(day), day_key(day + 1), at);
  if (!found)
    return std::move(found.error());
  if (found->empty())
    return make_error(ec::not_found, "day " + std::to_string(day.number));
  return std::move(found->begin()->second);
}

expected<std::map<local_day, day_record>> day_book::range(local_day from, local_day to,
                                                          const snapshot* at) const {
  if (from >= to)
    return std::map<local_day, day_record>{};
  return read_days(db_, day_key(from), day_key(to), at);
}

expected<std::map<local_day, day_record>> day_book::all(const snapshot* at) const {
  return read_days(db_, {}, {}, at);
}

expected<std::optional<local_day>> day_book::forgotten_before() const {
  const auto stored = db_.get(family::meta, forgotten_key);
  if (!stored && code_of(stored.error()) != ec::not_found)
    return stored.error();
  if (!stored)
    return std::optional<local_day>{};
  if (stored->size() != sizeof(std::uint32_t))
    return make_error(ec::corrupt_data, "meta: not the day before which all is gone");
  return std::optional{read_day(*stored)};
}

void day_changes::put(local_day day, const day_record& record) {
  with_.put(family::days, day_key(day), encode(record));
  staged_[day] = record;
}

expected<day_record> day_changes::get(local_day day) {
  if (const auto staged = staged_.find(day); staged != staged_.end())
    return staged->second.value_or(day_record{});
  auto record = book_.get(day);
  if (!record && code_of(record.error()) == ec::not_found)
    return day_record{};
  return record;
}

expected<bool> day_changes::takes_rows(local_day day) {
  const auto forgotten = book_.forgotten_before();
  if (!forgotten)
    return forgotten.error();
  if (const auto& before = *forgotten; before && day < *before)
    return false;
  const auto record = get(day);
  if (!record)
    return record.error();
  return record->raw_kept;
}

error day_changes::add_rows(local_day day) {
  auto record = get(day);
  if (!record)
    return record.error();
  ++record->epoch;
  put(day, *record);
  return {};
}

error day_changes::seal(const home_day& day, const std::vector<day_observer>& observed,
                        const std::vector<detector_id>& failed) {
  auto record = get(day.day);
  if (!record)
    return record.error();
  record->seen_epoch = day.epoch;
  record->cut_off = 0;
  record->observed = day.observed;
  record->exposure = day.exposure;
  record->counts = day.counts;
  for (const auto& [detector, format] : observed) {
    const day_seal seal{format, day.epoch};
    record->seals[detector] = seal;
    with_.put(family::days, seal_key(day.day, detector), encode(seal));
  }
  for (const auto detector : failed)
    if (record->seals.erase(detector) > 0)
      with_.erase(family::days, seal_key(day.day, detector));
  put(day.day, *record);
  return {};
}

error day_changes::unseal(local_day day, detector_id detector) {
  auto record = get(day);
  if (!record)
    return record.error();
  if (record->seals.erase(detector) > 0)
    with_.erase(family::days, seal_key(day, detector));
  staged_[day] = std::move(*record);
  return {};
}

error day_changes::note_cut_off(local_day day) {
  auto record = get(day);
  if (!record)
    return record.error();
  ++record->cut_off;
  put(day, *record);
  return {};
}

error day_changes::note_rows_dropped(local_day day) {
  auto record = get(day);
  if (!record)
    return record.error();
  record->raw_kept = false;
  put(day, *record);
  return {};
}

void day_changes::erase(local_day day) {
  if (const auto record = get(day); record)
    for (const auto& [detector, seal] : record->seals)
      with_.erase(family::days, seal_key(day, detector));
  with_.erase(family::days, day_key(day));
  staged_[day] = std::nullopt;
}

error day_changes::forget_before(local_day day) {
  const auto before = book_.forgotten_before();
  if (!before)
    return before.error();
  with_.put(family::meta, forgotten_key, day_key(std::max(day, before->value_or(day))));
  return {};
}

} // namespace habitd
