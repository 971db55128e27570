#pragma once

#include "actors/home/recorder_events.hpp"
#include "actors/home/recorder_schema.hpp"
#include "actors/home/row_sink.hpp"

#include <optional>
#include <string>
#include <unordered_map>

namespace habitd {

/// Understands rows of the table `states`: whose they are, what was before and who did it.
class recorder_rows {
public:
  /// Prepares the queries anew, after the database was opened or its schema changed.
  error prepare(sqlite_database& database, const recorder_schema& schema);

  /// Drops the queries, which must not outlive their database.
  void close();

  /// Looks names of entities up again: they may have been renamed since the last page.
  void begin_page() { ++page_; }

  /// Forgets all that earlier rows told.
  void forget();

  /// Reads the row that `states` is at.
  void take(const sqlite_query& states, wall_time at, const attribution& who,
            row_sink& rows);

private:
  /// An entity with the last row read of it.
  struct entity {
    std::string name;
    std::int64_t last_id = 0;
    std::string last_state;
    std::uint64_t page = 0; // that the name was looked up for
  };

  entity* entity_of(const sqlite_query& states);
  void take_old_state(const sqlite_query& states, const entity& of, source_row& row);
  event_context context_of(const sqlite_query& states) const;

  bool old_state_ids_ = false;
  bool users_ = false;
  bool parents_ = false;
  std::optional<sqlite_query> entity_name_;
  std::optional<sqlite_query> state_by_id_;
  std::uint64_t page_ = 0;
  std::unordered_map<std::int64_t, entity> numbered_;
  std::unordered_map<std::string, entity> named_; // of schemas without numbers
  std::string old_state_;                         // of the row at hand
};

} // namespace habitd
