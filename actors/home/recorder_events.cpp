#include "actors/home/recorder_events.hpp"

#include "actors/home/read_time.hpp"

#include <algorithm>

namespace habitd {

namespace {

/// Ids per call: a few ms, for as long the writer's checkpoint may have to wait.
constexpr std::int64_t stretch = 20'000;

} // namespace

std::optional<wall_time> stored_time(const sqlite_query& row, int real_column,
                                     int text_column) {
  constexpr double milliseconds_from = 1e11; // in seconds that were the year 5138
  const bool has_real = !row.is_null(real_column);
  if (has_real && !row.is_text(real_column)) {
    const auto number = row.real(real_column);
    return from_unix_seconds(number < milliseconds_from ? number : number / 1000);
  }
  // A table filled from text holds numbers as text as well.
  const auto reading = read_time(row.text(has_real ? real_column : text_column));
  if (!reading)
    return std::nullopt;
  return wall_time{std::chrono::milliseconds{reading->ms}}; // texts are UTC as well
}

error recorder_events::prepare(sqlite_database& database, const recorder_schema& schema) {
  events_.reset();
  last_event_.reset();
  runs_.reset();
  if (!schema.events_sql.empty()) {
    auto events = database.prepare(schema.events_sql);
    if (!events)
      return events.error();
    auto range = database.prepare("SELECT (SELECT min(rowid) FROM events WHERE "
                                  "rowid > ?1), (SELECT max(rowid) FROM events)");
    if (!range)
      return range.error();
    events_ = std::move(*events);
    last_event_ = std::move(*range);
  }
  if (schema.runs) {
    auto runs =
      database.prepare("SELECT rowid, NULL, start FROM recorder_runs WHERE rowid > ?1");
    if (!runs)
      return runs.error();
    runs_ = std::move(*runs);
  }
  return {};
}

expected<bool> recorder_events::catch_up(sqlite_database& database) {
  if (runs_) {
    runs_->bind(1, runs_read_);
    while (runs_->step()) {
      runs_read_ = std::max(runs_read_, runs_->number(0));
      const auto start = stored_time(*runs_, 1, 2);
      if (start && runs_->number(0) > runs_told_)
        starts_.insert(*start);
    }
    const bool failed = runs_->failed();
    auto reason = failed ? database.failure("read recorder_runs") : error{};
    runs_->reset();
    if (failed)
      return reason;
  }
  if (!events_)
    return true;
  last_event_->bind(1, events_read_);
  const bool any = last_event_->step() && !last_event_->is_null(0);
  const auto from = any ? last_event_->number(0) - 1 : 0;
  const auto last = any ? last_event_->number(1) : 0;
  last_event_->reset();
  if (!any)
    return true;
  const auto until = std::min(last, from + stretch);
  events_->bind(1, from);
  events_->bind(2, until);
  while (events_->step()) {
    const auto type = events_->text(event_type);
    if (!type.starts_with("homeassistant_"))
      who_.automation_ran(events_->is_null(event_context_bin)
                            ? events_->text(event_context_text)
                            : events_->text(event_context_bin));
    else if (const auto fired = stored_time(*events_, event_fired_ts, event_fired_text);
             fired && events_->number(event_id) > events_told_)
      starts_.insert(*fired);
  }
  const bool failed = events_->failed();
  auto reason = failed ? database.failure("read events") : error{};
  events_->reset();
  if (failed)
    return reason;
  events_read_ = until;
  return until == last;
}

void recorder_events::tell_starts(const std::function<void(wall_time)>& tell) {
  for (const auto start : starts_)
    tell(start);
  starts_.clear();
}

} // namespace habitd
