#pragma once

namespace habitd {

/// Tables and indexes of a Home Assistant recorder database, schema 53, without the
/// long-term statistics. Columns that Home Assistant keeps only for older versions are
/// there, of type CHAR(0), and stay NULL.
inline constexpr const char* recorder_schema = R"sql(
CREATE TABLE event_data (data_id INTEGER NOT NULL PRIMARY KEY, hash BIGINT, shared_data TEXT);
CREATE TABLE event_types (
  event_type_id INTEGER NOT NULL PRIMARY KEY, event_type VARCHAR(64));
CREATE TABLE events (
  event_id INTEGER NOT NULL PRIMARY KEY, event_type CHAR(0), event_data CHAR(0),
  origin CHAR(0), origin_idx SMALLINT, time_fired CHAR(0), time_fired_ts FLOAT,
  context_id CHAR(0), context_user_id CHAR(0), context_parent_id CHAR(0),
  data_id INTEGER REFERENCES event_data (data_id), context_id_bin BLOB,
  context_user_id_bin BLOB, context_parent_id_bin BLOB,
  event_type_id INTEGER REFERENCES event_types (event_type_id));
CREATE TABLE migration_changes (
  migration_id VARCHAR(255) NOT NULL PRIMARY KEY, version SMALLINT NOT NULL);
CREATE TABLE recorder_runs (
  run_id INTEGER NOT NULL PRIMARY KEY, start DATETIME NOT NULL, "end" DATETIME,
  closed_incorrect BOOLEAN NOT NULL, created DATETIME NOT NULL);
CREATE TABLE schema_changes (
  change_id INTEGER NOT NULL PRIMARY KEY, schema_version INTEGER, changed DATETIME NOT NULL);
CREATE TABLE state_attributes (
  attributes_id INTEGER NOT NULL PRIMARY KEY, hash BIGINT, shared_attrs TEXT);
CREATE TABLE states_meta (metadata_id INTEGER NOT NULL PRIMARY KEY, entity_id VARCHAR(255));
CREATE TABLE states (
  state_id INTEGER NOT NULL PRIMARY KEY, entity_id CHAR(0), state VARCHAR(255),
  attributes CHAR(0), event_id SMALLINT, last_changed CHAR(0), last_changed_ts FLOAT,
  last_reported_ts FLOAT, last_updated CHAR(0), last_updated_ts FLOAT,
  old_state_id INTEGER REFERENCES states (state_id),
  attributes_id INTEGER REFERENCES state_attributes (attributes_id), context_id CHAR(0),
  context_user_id CHAR(0), context_parent_id CHAR(0), origin_idx SMALLINT,
  context_id_bin BLOB, context_user_id_bin BLOB, context_parent_id_bin BLOB,
  metadata_id INTEGER REFERENCES states_meta (metadata_id));
CREATE TABLE statistics_runs (run_id INTEGER NOT NULL PRIMARY KEY, start DATETIME NOT NULL);
)sql";

/// Created after the rows are in, which is much faster.
inline constexpr const char* recorder_indexes = R"sql(
CREATE INDEX ix_event_data_hash ON event_data (hash);
CREATE UNIQUE INDEX ix_event_types_event_type ON event_types (event_type);
CREATE INDEX ix_events_context_id_bin ON events (context_id_bin);
CREATE INDEX ix_events_data_id ON events (data_id);
CREATE INDEX ix_events_event_type_id_time_fired_ts ON events (event_type_id, time_fired_ts);
CREATE INDEX ix_events_time_fired_ts ON events (time_fired_ts);
CREATE INDEX ix_recorder_runs_start_end ON recorder_runs (start, "end");
CREATE INDEX ix_state_attributes_hash ON state_attributes (hash);
CREATE INDEX ix_states_attributes_id ON states (attributes_id);
CREATE INDEX ix_states_context_id_bin ON states (context_id_bin);
CREATE INDEX ix_states_last_updated_ts ON states (last_updated_ts);
CREATE UNIQUE INDEX ix_states_meta_entity_id ON states_meta (entity_id);
CREATE INDEX ix_states_metadata_id_last_updated_ts ON states (metadata_id, last_updated_ts);
CREATE INDEX ix_states_old_state_id ON states (old_state_id);
CREATE INDEX ix_statistics_runs_start ON statistics_runs (start);
)sql";

} // namespace habitd
