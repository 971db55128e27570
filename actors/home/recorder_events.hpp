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

  const attribution& who() const { return who_; }

  /// Forgets starts up to `passed`: an earlier run told them.
  void told_until(wall_time passed) {
    starts_.erase(starts_.begin(), starts_.upper_bound(passed));
  }

  /// Removes and hands over the starts up to `until`, in order.
  void tell_until(wall_time until, const std::function<void(wall_time)>& tell);

private:
  attribution who_;
  std::optional<sqlite_query> events_;
  std::optional<sqlite_query> last_event_;
  std::optional<sqlite_query> runs_;
  std::set<wall_time> starts_;   // not told yet
  std::int64_t events_read_ = 0; // event_id
  std::int64_t runs_read_ = 0;   // run_id
};

} // namespace habitd
