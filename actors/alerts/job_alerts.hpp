#pragma once

#include "actors/alerts/alert_book.hpp"
#include "messages/job.hpp"

#include <map>
#include <string>
#include <vector>

namespace habitd {

/// Which jobs alerts were made of: those up to an id, and some beyond it, since a job may
/// outlast later ones.
struct job_cursor {
  std::string up_to;
  std::vector<std::string> beyond;
  bool operator==(const job_cursor&) const = default;
};

std::string to_text(const job_cursor& cursor);
job_cursor job_cursor_from(const std::string& text);

/// Jobs that ended since a cursor.
struct ended_jobs {
  job_cursor cursor;           // behind them
  std::vector<job_record> all; // that ended ok, partial or failed, by id
  std::map<std::string, job_record> last_by_kind; // of these
};

/// @param jobs  those after `cursor.up_to`, by id.
ended_jobs ended_since(const job_cursor& cursor, const std::vector<job_record>& jobs);

/// What ended since the cursor that family::meta keeps under `key`, which whoever looks moves on.
/// @param at_first  how many of the last jobs count as ended since then where there is none yet.
expected<ended_jobs> ended_since_kept(const home_store& store, std::string_view key,
                                      std::size_t at_first, job_cursor& before);

/// Raises "job_failed" for each kind whose last job failed, wholly or in part, clears it for
/// those whose last job was ok, and stages the cursor with it: so no end of a job is missed,
/// and none counted twice, whatever restarts in between.
expected<alert_change> stage_job_alerts(batch& changes, const home_store& store,
                                        const alert_book& book, wall_time now);

/// Raises "dead_letters" for each target that has some, clears it for those that have none.
expected<alert_change> stage_dead_letter_alerts(batch& changes, const home_store& store,
                                                const alert_book& book, wall_time now);

} // namespace habitd
