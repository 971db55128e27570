#pragma once

#include "actors/home/context.hpp"
#include "actors/home/recorder_schema.hpp"
#include "messages/time.hpp"

#include <functional>
#include <set>
#include <string>

namespace habitd {

/// A stored time, double or text; nothing if it is neither.
std::optional<wall_time> stored_time(const sqlite_query& row, int real_column,
                                     int text_column);

/// What the recorder's events and runs say beside the states: which contexts are an
/// automation's, and when Home Assistant started.
class recorder_events {
public:
  explicit recorder_events(const std::vector<std::string>& machine_users)
      : who_{machine_users} {}

  /// Prepares the queries anew, after the database was opened or its schema changed.
  error prepare(sqlite_database& database, const recorder_schema& schema);

  /// Reads what was added since the last call, in a limited stretch. Within a transaction.
  /// @returns true if that was all there is.
  expected<bool> catch_up(sqlite_database& database);

  attribution& who() { return who_; }

  /// Starts up to these ids were told by an earlier run.
  void told_until(std::int64_t run_id, std::int64_t event_id) {
    runs_told_ = run_id;
    events_told_ = event_id;
  }

  /// Removes and hands over the starts that are new, whenever they were: a clock that jumped
  /// must not keep one back.
  void tell_starts(const std::function<void(wall_time)>& tell);

  std::int64_t runs_read() const { return runs_read_; }
  std::int64_t events_read() const { return events_read_; }

private:
  attribution who_;
  std::optional<sqlite_query> events_;
  std::optional<sqlite_query> last_event_;
  std::optional<sqlite_query> runs_;
  std::set<wall_time> starts_;   // not told yet
  std::int64_t events_read_ = 0; // rowid
  std::int64_t runs_read_ = 0;   // rowid
  std::int64_t events_told_ = 0;
  std::int64_t runs_told_ = 0;
};

} // namespace habitd
