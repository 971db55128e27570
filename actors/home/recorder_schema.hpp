#pragma once

#include "actors/home/sqlite_database.hpp"

#include <string>

namespace habitd {

/// How one recorder database stores its states and events. Home Assistant changed that more
/// than fifty times since 2016 and keeps columns it no longer fills, so what counts is which
/// columns there are, not the version number (home-assistant notes 2.7).
struct recorder_schema {
  int version = 0;            // as the database says; 0 = from before it did
  bool old_state_ids = false; // rows say which row held the state before
  bool users = false;         // contexts say whose act it was
  bool parents = false;       // contexts say what caused them
  bool runs = false;          // there is a list of starts
  bool automations = false;   // it holds runs of automations, or their states

  /// Rows with rowid > ?1, ascending, at most ?2; see `state_column`. Where state_id is the
  /// primary key the two are the same; where it is none, ordering by it would sort the whole
  /// table for every page.
  std::string states_sql;

  /// State of the row with state_id ?1; empty where that can't be found without a look at
  /// all rows.
  std::string old_state_sql;

  /// The last state of entity number ?1 before time ?2; empty as before.
  std::string carried_sql;

  /// Events with ?1 < rowid <= ?2 that begin something; see `event_column`. Empty if
  /// there are none to be had.
  std::string events_sql;
  std::string names_sql; // number and name of all entities; empty where there are none
};

enum state_column : int {
  state_row,
  state_entity_number,
  state_entity_id,
  state_text,
  state_updated_ts,
  state_changed_ts,
  state_updated_text,
  state_changed_text,
  state_old_id,
  state_context_bin,
  state_user_bin,
  state_parent_bin,
  state_context_text,
  state_user_text,
  state_parent_text,
  state_own_id,
};

enum event_column : int {
  event_id,
  event_type,
  event_fired_ts,
  event_fired_text,
  event_context_bin,
  event_context_text,
};

/// @errors ec::invalid_input naming the table or columns that a recorder database has and
///         this one lacks.
expected<recorder_schema> probe_recorder(sqlite_database& database,
                                         const std::string& file);

} // namespace habitd
