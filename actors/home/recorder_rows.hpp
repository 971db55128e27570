#pragma once

#include "actors/home/carried_states.hpp"
#include "actors/home/recorder_events.hpp"
#include "actors/home/recorder_schema.hpp"
#include "actors/home/row_sink.hpp"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>

namespace habitd {

/// Names of a recorder's entities by their numbers.
using entity_names = std::map<std::int64_t, std::string>;

/// Understands rows of the table `states`: whose they are, what was before and who did it.
class recorder_rows {
public:
  explicit recorder_rows(std::shared_ptr<const home_calendar> calendar)
      : calendar_{std::move(calendar)} {}

  /// Prepares the queries anew, after the database was opened or its schema changed.
  error prepare(sqlite_database& database, const recorder_schema& schema);

  /// Drops the queries, which must not outlive their database.
  void close();

  /// Looks the entities' names up again: some may have been renamed since the last page.
  error begin_page(sqlite_database& database);
  const entity_names& names() const { return names_; }

  /// Forgets all that earlier rows told.
  void forget();

  /// Changes told by rows up to `passed` were stored by an earlier run.
  void told_until(wall_time passed) { told_until_ = passed; }

  /// Reads the row that `states` is at.
  void take(const sqlite_query& states, wall_time at, attribution& who, row_sink& rows);

  /// Notes the row's state only.
  void survey(const sqlite_query& states, carried_states& into);

private:
  /// The last row read of an entity, and what was before its day.
  struct entity {
    std::int64_t last_id = 0;
    std::string last_state;
    day_span day;
    std::optional<std::string> carried;
  };

  std::string_view name_of(const sqlite_query& states) const;
  void take_old_state(const sqlite_query& states, entity& of, source_row& row);
  void take_carried_state(const sqlite_query& states, entity& of, source_row& row);
  event_context context_of(const sqlite_query& states) const;

  std::shared_ptr<const home_calendar> calendar_;
  bool users_ = false;
  bool parents_ = false;
  std::optional<sqlite_query> names_query_, old_state_query_, carried_query_,
    version_query_;
  std::int64_t data_version_ = -1; // changes when somebody writes
  wall_time told_until_{};
  entity_names names_;
  std::unordered_map<std::string, entity> entities_;
  std::string old_state_; // of the row at hand
};

} // namespace habitd
