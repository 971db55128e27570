#include "storage/repair_store.hpp"

#include "storage/day_book.hpp"
#include "storage/event_store.hpp"
#include "storage/keys.hpp"
#include "storage/lifecycle_store.hpp"

#include <algorithm>
#include <set>

namespace habitd {

namespace {

constexpr std::size_t day_size = sizeof(std::uint32_t);

/// Days that a damaged part may have touched, both ends included.
struct day_range {
  local_day first{INT32_MIN};
  local_day last{INT32_MAX};
  bool holds(local_day day) const { return first <= day && day <= last; }
};

day_range days_in(const damaged_part& part) {
  day_range days;
  if (part.from.size() >= day_size)
    days.first = read_day(part.from);
  if (part.to.size() >= day_size)
    days.last = read_day(part.to);
  return days;
}

/// Aggregates: a detector has not seen a day of which something may be gone. What the copy
/// held may be of fewer rows where the day can still be observed, and is.
error unseal(day_changes& book, const std::map<local_day, day_record>& days,
             const damaged_part& part) {
  const auto touched = days_in(part);
  for (const auto& [day, record] : days)
    if (touched.holds(day) && (!part.has_copy || record.raw_kept))
      for (const auto& [detector, seal] : record.seals)
        if (auto failed = book.unseal(day, detector))
          return failed;
  return {};
}

/// Events: days that were observed keep what was seen of them, and take no rows that would
/// be but a part; the others are read again.
error close_days(day_changes& book, const std::map<local_day, day_record>& days,
                 const damaged_part& part, event_store& events) {
  const auto touched = days_in(part);
  if (part.has_copy)
    return {};
  for (const auto& [day, record] : days) {
    if (!touched.holds(day) || record.seals.empty() || !record.raw_kept)
      continue;
    events.erase(book.with(), day);
    if (auto failed = book.note_rows_dropped(day))
      return failed;
  }
  return {};
}

/// Days: of those whose record is gone the events may be left, and are observed anew. Where
/// the copy says that events are there which were dropped since, it is wrong.
error find_days(day_changes& book, const std::map<local_day, day_record>& days,
                const database& db) {
  error failed;
  std::set<local_day> with_events;
  const auto unread =
    db.scan(family::events, {}, {}, [&](std::string_view key, std::string_view) {
      with_events.insert(read_day(key));
      return true;
    });
  for (const auto day : with_events)
    if (!days.contains(day) && !failed)
      failed = book.add_rows(day);
  for (const auto& [day, record] : days)
    if (record.raw_kept && !with_events.contains(day) && !failed)
      failed = book.note_rows_dropped(day);
  return unread ? unread : failed;
}

/// Checks build on each other: those behind one that is gone are made anew, and with a copy
/// those that may be of fewer rows.
error redo_checks(batch& changes, const std::map<local_day, day_record>& days,
                  const damaged_part& part, database& db) {
  local_day from{INT32_MIN};
  if (part.has_copy) {
    const auto raw = std::find_if(days.begin(), days.end(),
                                  [](const auto& day) { return day.second.raw_kept; });
    from = raw == days.end() ? local_day{INT32_MAX} : raw->first;
  } else if (part.from.size() > day_size) {
    from = read_day(std::string_view{part.from}.substr(1));
  }
  lifecycle_store lifecycle{db};
  const auto first = part.from.empty() ? 0 : static_cast<unsigned char>(part.from[0]);
  const auto last = part.to.empty() ? 31 : static_cast<unsigned char>(part.to[0]);
  for (int id = first; id <= last; ++id)
    lifecycle.erase_from(changes, static_cast<detector_id>(id),
                         id == first || part.has_copy ? from : local_day{INT32_MIN});
  return {};
}

error heal(day_changes& book, const std::map<local_day, day_record>& days,
           const damaged_part& part, database& db) {
  event_store events{db};
  switch (part.in) {
  case family::aggregates_daily:
    return unseal(book, days, part);
  case family::events:
    return close_days(book, days, part, events);
  case family::days:
    return find_days(book, days, db);
  case family::lifecycle:
    return redo_checks(book.with(), days, part, db);
  default:
    return {};
  }
}

} // namespace

error heal_repaired(const storage_options& options,
                    const std::vector<damaged_part>& damage) {
  auto opened = database::open(repaired_beside(options));
  if (!opened)
    return opened.error();
  auto& db = **opened;
  day_book book{db};
  const auto days = book.all();
  if (!days)
    return days.error();
  return book.change([&](day_changes& changes) {
    for (const auto& part : damage)
      if (auto failed = heal(changes, *days, part, db))
        return failed;
    return error{};
  });
}

} // namespace habitd
