#include "messages/time_text.hpp"
#include "tools/simulator/recorder_schema.hpp"
#include "tools/simulator/writers.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace habitd {

namespace {

struct close_connection {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
};
struct finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using connection = std::unique_ptr<sqlite3, close_connection>;
using prepared = std::unique_ptr<sqlite3_stmt, finalize>;

/// "2026-11-22 06:05:00.123000", as SQLAlchemy stores a datetime.
std::string datetime_text(wall_time at) {
  auto text = format_utc(at);
  text[10] = ' ';
  text.pop_back();
  return text + "000";
}

double seconds_of(wall_time at) {
  return static_cast<double>(at.time_since_epoch().count()) / 1000;
}

/// The hash that Home Assistant keeps beside shared texts: FNV-1a, 32 bits.
std::int64_t fnv1a(std::string_view text) {
  std::uint32_t hash = 2'166'136'261;
  for (const auto c : text)
    hash = (hash ^ static_cast<std::uint8_t>(c)) * 16'777'619;
  return hash;
}

/// Writes rows of a simulated home; the first failure is kept and ends it all.
class recorder_rows {
public:
  recorder_rows(const simulated_home& home, sqlite3* db)
      : home_{home}, db_{db}, user_{user_of(home.plan().options())},
        last_state_(home.entities().size(), 0) {}

  error begin();
  error write(const simulated_day& day);
  error finish();

private:
  error run(const char* sql);
  error prepare(prepared& statement, const char* sql);
  error step(const prepared& statement);
  void write_state(const simulated_day& day, const simulated_row& row);
  void write_event(const simulated_day& day, const simulated_row& row);
  error write_runs();
  void bind_context(sqlite3_stmt* statement, int first, const simulated_context& context);
  std::int64_t shared(std::unordered_map<std::string, std::int64_t>& known,
                      const prepared& insert, const std::string& text);
  std::int64_t type_of(const char* event);

  void note(error err) {
    if (err && !failed_)
      failed_ = std::move(err);
  }

  const simulated_home& home_;
  sqlite3* db_;
  context_id user_;
  std::vector<std::int64_t> last_state_; // by entity; 0 = none since the last start
  std::unordered_map<std::string, std::int64_t> attributes_;
  std::unordered_map<std::string, std::int64_t> data_;
  std::unordered_map<std::string, std::int64_t> types_;
  prepared insert_state_, insert_event_, insert_attributes_, insert_data_, insert_type_;
  std::int64_t states_ = 0;
  wall_time begin_{};
  error failed_;
};

error recorder_rows::run(const char* sql) {
  if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return make_error(ec::unavailable, std::string{sqlite3_errmsg(db_)});
  return {};
}

error recorder_rows::prepare(prepared& statement, const char* sql) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(db_, sql, -1, &raw, nullptr) != SQLITE_OK)
    return make_error(ec::unavailable, std::string{sqlite3_errmsg(db_)});
  statement.reset(raw);
  return {};
}

error recorder_rows::step(const prepared& statement) {
  const auto result = sqlite3_step(statement.get());
  sqlite3_reset(statement.get());
  if (result != SQLITE_DONE)
    return make_error(ec::unavailable, std::string{sqlite3_errmsg(db_)});
  return {};
}

void bind_text(sqlite3_stmt* statement, int at, const std::string& text) {
  sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()),
                    SQLITE_TRANSIENT);
}

void bind_id(sqlite3_stmt* statement, int at, const context_id& id) {
  sqlite3_bind_blob(statement, at, id.data(), static_cast<int>(id.size()),
                    SQLITE_TRANSIENT);
}

error recorder_rows::begin() {
  // A half-written file is of no use, so there is nothing to sync for.
  for (const auto* sql : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF",
                          "PRAGMA foreign_keys=OFF", recorder_schema})
    if (auto err = run(sql))
      return err;
  note(prepare(insert_state_,
               "INSERT INTO states (state_id, state, last_changed_ts, last_updated_ts, "
               "old_state_id, attributes_id, origin_idx, context_id_bin, "
               "context_user_id_bin, context_parent_id_bin, metadata_id) "
               "VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)"));
  note(prepare(insert_event_,
               "INSERT INTO events (origin_idx, time_fired_ts, data_id, context_id_bin, "
               "context_user_id_bin, context_parent_id_bin, event_type_id) "
               "VALUES (0, ?, ?, ?, ?, ?, ?)"));
  note(prepare(insert_attributes_,
               "INSERT INTO state_attributes (hash, shared_attrs) VALUES (?, ?)"));
  note(prepare(insert_data_, "INSERT INTO event_data (hash, shared_data) VALUES (?, ?)"));
  note(prepare(insert_type_, "INSERT INTO event_types (event_type) VALUES (?)"));
  prepared insert_meta;
  note(prepare(insert_meta, "INSERT INTO states_meta VALUES (?, ?)"));
  if (failed_)
    return failed_;
  for (std::size_t i = 0; i < home_.entities().size(); ++i) {
    sqlite3_bind_int64(insert_meta.get(), 1, static_cast<std::int64_t>(i + 1));
    bind_text(insert_meta.get(), 2, home_.entities()[i].id);
    note(step(insert_meta));
  }
  return failed_;
}

void recorder_rows::bind_context(sqlite3_stmt* statement, int first,
                                 const simulated_context& context) {
  bind_id(statement, first, context.id);
  if (context.by_user)
    bind_id(statement, first + 1, user_);
  else
    sqlite3_bind_null(statement, first + 1);
  if (context.has_parent)
    bind_id(statement, first + 2, context.parent);
  else
    sqlite3_bind_null(statement, first + 2);
}

std::int64_t recorder_rows::shared(std::unordered_map<std::string, std::int64_t>& known,
                                   const prepared& insert, const std::string& text) {
  const auto [found, added] = known.try_emplace(text, 0);
  if (added) {
    sqlite3_bind_int64(insert.get(), 1, fnv1a(text));
    bind_text(insert.get(), 2, text);
    note(step(insert));
    found->second = sqlite3_last_insert_rowid(db_);
  }
  return found->second;
}

std::int64_t recorder_rows::type_of(const char* event) {
  const auto [found, added] = types_.try_emplace(event, 0);
  if (added) {
    bind_text(insert_type_.get(), 1, event);
    note(step(insert_type_));
    found->second = sqlite3_last_insert_rowid(db_);
  }
  return found->second;
}

void recorder_rows::write_state(const simulated_day& day, const simulated_row& row) {
  const auto attributes =
    shared(attributes_, insert_attributes_, day.texts[row.attributes]);
  auto* insert = insert_state_.get();
  auto& last = last_state_[row.entity];
  const auto id = ++states_;
  sqlite3_bind_int64(insert, 1, id);
  bind_text(insert, 2, day.texts[row.state]);
  if (row.changed == row.at)
    sqlite3_bind_null(insert, 3);
  else
    sqlite3_bind_double(insert, 3, seconds_of(row.changed));
  sqlite3_bind_double(insert, 4, seconds_of(row.at));
  if (row.before == previous::known)
    sqlite3_bind_int64(insert, 5, last);
  else
    sqlite3_bind_null(insert, 5);
  sqlite3_bind_int64(insert, 6, attributes);
  bind_context(insert, 7, day.contexts[row.context]);
  sqlite3_bind_int64(insert, 10, row.entity + 1);
  note(step(insert_state_));
  last = id;
}

void recorder_rows::write_event(const simulated_day& day, const simulated_row& row) {
  const bool automation = row.kind == simulated_kind::automation;
  const auto type =
    type_of(automation                            ? "automation_triggered"
            : row.kind == simulated_kind::start   ? "homeassistant_start"
            : row.kind == simulated_kind::started ? "homeassistant_started"
                                                  : "homeassistant_stop");
  const auto data =
    shared(data_, insert_data_, automation ? automation_data(home_, row.entity) : "{}");
  auto* insert = insert_event_.get();
  sqlite3_bind_double(insert, 1, seconds_of(row.at));
  sqlite3_bind_int64(insert, 2, data);
  bind_context(insert, 3, day.contexts[row.context]);
  sqlite3_bind_int64(insert, 6, type);
  note(step(insert_event_));
}

error recorder_rows::write(const simulated_day& day) {
  if (begin_ == wall_time{})
    begin_ = day.span.begin;
  note(run("BEGIN"));
  for (const auto& row : day.rows) {
    if (row.kind == simulated_kind::state || row.kind == simulated_kind::attributes)
      write_state(day, row);
    else
      write_event(day, row);
    if (failed_)
      return failed_;
  }
  note(run("COMMIT"));
  return failed_;
}

/// One run from each start to the next stop. What crashed is closed when the next run begins,
/// and marked; the last run is still open.
error recorder_rows::write_runs() {
  prepared insert;
  if (auto err = prepare(insert, "INSERT INTO recorder_runs (start, \"end\", "
                                 "closed_incorrect, created) VALUES (?, ?, ?, ?)"))
    return err;
  auto start = begin_;
  const auto put = [&](const downtime* then) {
    bind_text(insert.get(), 1, datetime_text(start));
    if (then)
      bind_text(insert.get(), 2, datetime_text(then->crashed ? then->end : then->begin));
    else
      sqlite3_bind_null(insert.get(), 2);
    sqlite3_bind_int(insert.get(), 3, then && then->crashed);
    bind_text(insert.get(), 4, datetime_text(start + std::chrono::milliseconds{400}));
    return step(insert);
  };
  for (const auto& down : home_.plan().downtimes) {
    if (auto err = put(&down))
      return err;
    start = down.end;
  }
  return put(nullptr);
}

error recorder_rows::finish() {
  note(run("BEGIN"));
  note(write_runs());
  note(run(fmt::format("INSERT INTO schema_changes (schema_version, changed) "
                       "VALUES (53, '{}')",
                       datetime_text(begin_))
             .c_str()));
  note(run(recorder_indexes));
  note(run("COMMIT"));
  return failed_;
}

error write_into(const simulated_home& home, sqlite3* db) {
  recorder_rows rows{home, db};
  if (auto err = rows.begin())
    return err;
  if (auto err = home.each_day([&](const simulated_day& day) { return rows.write(day); }))
    return err;
  return rows.finish();
}

} // namespace

error write_recorder(const simulated_home& home, const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored))
    return make_error(ec::invalid_input, path.string(), "exists already");
  sqlite3* raw = nullptr;
  const auto opened = sqlite3_open(path.c_str(), &raw);
  const connection db{raw};
  if (opened != SQLITE_OK)
    return make_error(ec::unavailable, path.string(), sqlite3_errmsg(raw));
  if (const auto err = write_into(home, raw))
    return make_error(ec::unavailable, path.string(), describe(err));
  return {};
}

} // namespace habitd
