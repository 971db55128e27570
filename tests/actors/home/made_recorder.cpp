#include "tests/actors/home/made_recorder.hpp"

#include <stdexcept>

namespace habitd {

namespace {

constexpr int patience_ms = 5000; // with readers that are just opening

constexpr auto tables = R"sql(
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
CREATE TABLE IF NOT EXISTS states (
  state_id INTEGER PRIMARY KEY, entity_id CHAR(0), state VARCHAR(255), attributes CHAR(0),
  last_changed CHAR(0), last_changed_ts FLOAT, last_updated CHAR(0), last_updated_ts FLOAT,
  old_state_id INTEGER, context_id CHAR(0), context_user_id CHAR(0),
  context_parent_id CHAR(0), context_id_bin BLOB, context_user_id_bin BLOB,
  context_parent_id_bin BLOB, metadata_id INTEGER);
CREATE TABLE IF NOT EXISTS states_meta (
  metadata_id INTEGER PRIMARY KEY, entity_id VARCHAR(255) UNIQUE);
CREATE TABLE IF NOT EXISTS events (
  event_id INTEGER PRIMARY KEY, time_fired CHAR(0), time_fired_ts FLOAT,
  context_id CHAR(0), context_id_bin BLOB, event_type_id INTEGER);
CREATE TABLE IF NOT EXISTS event_types (
  event_type_id INTEGER PRIMARY KEY, event_type VARCHAR(64) UNIQUE);
CREATE TABLE IF NOT EXISTS recorder_runs (
  run_id INTEGER PRIMARY KEY, start DATETIME NOT NULL, "end" DATETIME);
CREATE TABLE IF NOT EXISTS schema_changes (
  change_id INTEGER PRIMARY KEY, schema_version INTEGER);
INSERT INTO schema_changes (schema_version) VALUES (53);
)sql";

void bind_blob(sqlite3_stmt* query, int at, const std::string& bytes) {
  if (bytes.empty())
    sqlite3_bind_null(query, at);
  else
    sqlite3_bind_blob(query, at, bytes.data(), static_cast<int>(bytes.size()),
                      SQLITE_TRANSIENT);
}

} // namespace

made_recorder::made_recorder(const std::filesystem::path& file) {
  sqlite3* handle = nullptr;
  sqlite3_open(file.c_str(), &handle);
  handle_.reset(handle);
  sqlite3_busy_timeout(handle, patience_ms);
  run(tables);
  const auto prepare = [&](const char* sql) {
    sqlite3_stmt* query = nullptr;
    sqlite3_prepare_v2(handle, sql, -1, &query, nullptr);
    return std::unique_ptr<sqlite3_stmt, closer>{query};
  };
  add_entity_ = prepare("INSERT OR IGNORE INTO states_meta (entity_id) VALUES (?1)");
  add_state_ = prepare(
    "INSERT INTO states (metadata_id, state, last_updated_ts, last_changed_ts, "
    "old_state_id, context_id_bin, context_user_id_bin, context_parent_id_bin) VALUES "
    "((SELECT metadata_id FROM states_meta WHERE entity_id = ?1), ?2, ?3, ?4, ?5, ?6, "
    "?7, "
    "?8)");
}

void made_recorder::run(const std::string& sql) {
  char* text = nullptr;
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, &text) != SQLITE_OK) {
    const std::string what = sql + ": " + (text ? text : "");
    sqlite3_free(text);
    throw std::runtime_error{what};
  }
}

std::int64_t made_recorder::add(const recorded_state& row) {
  auto* const entity = add_entity_.get();
  sqlite3_bind_text(entity, 1, row.entity.c_str(), -1, SQLITE_TRANSIENT);
  sqlite3_step(entity);
  sqlite3_reset(entity);
  auto* const state = add_state_.get();
  sqlite3_bind_text(state, 1, row.entity.c_str(), -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(state, 2, row.state.c_str(), -1, SQLITE_TRANSIENT);
  sqlite3_bind_double(state, 3, row.at);
  row.changed ? sqlite3_bind_double(state, 4, *row.changed) : sqlite3_bind_null(state, 4);
  row.old_id ? sqlite3_bind_int64(state, 5, *row.old_id) : sqlite3_bind_null(state, 5);
  bind_blob(state, 6, row.context);
  bind_blob(state, 7, row.user);
  bind_blob(state, 8, row.parent);
  const bool done = sqlite3_step(state) == SQLITE_DONE;
  sqlite3_reset(state);
  if (!done)
    throw std::runtime_error{sqlite3_errmsg(handle_.get())};
  return sqlite3_last_insert_rowid(handle_.get());
}

void made_recorder::add_event(const std::string& type, double at,
                              const std::string& context) {
  run("INSERT OR IGNORE INTO event_types (event_type) VALUES ('" + type + "')");
  std::string hex;
  for (const char c : context) {
    constexpr char digits[] = "0123456789abcdef";
    hex += digits[static_cast<unsigned char>(c) >> 4];
    hex += digits[c & 15];
  }
  run("INSERT INTO events (event_type_id, time_fired_ts, context_id_bin) SELECT "
      "event_type_id, " +
      std::to_string(at) + ", x'" + hex + "' FROM event_types WHERE event_type = '" +
      type + "'");
}

void made_recorder::add_run(const std::string& start) {
  run("INSERT INTO recorder_runs (start) VALUES ('" + start + "')");
}

bool made_recorder::checkpoint() {
  sqlite3_busy_timeout(handle_.get(), 0);
  const int status = sqlite3_wal_checkpoint_v2(
    handle_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(handle_.get(), patience_ms);
  return status == SQLITE_OK;
}

} // namespace habitd
