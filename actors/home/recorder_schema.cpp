#include "actors/home/recorder_schema.hpp"

#include <fmt/format.h>

namespace habitd {

namespace {

using names = std::set<std::string>;

/// "alias.column", or NULL where the table has no such column.
std::string pick(const names& columns, std::string_view alias,
                 const std::string& column) {
  return columns.contains(column) ? fmt::format("{}.{}", alias, column) : "NULL";
}

error missing(const std::string& file, const std::string& what) {
  return make_error(
    ec::invalid_input,
    fmt::format("{}: not a Home Assistant recorder database: {}", file, what));
}

error check_states(const std::string& file, const names& tables, const names& states) {
  if (!tables.contains("states"))
    return missing(file, states.empty() ? "no table \"states\""
                                        : "\"states\" is a view, not a table");
  if (!states.contains("state"))
    return missing(file, "table \"states\" has no column \"state\"");
  const bool numbered = states.contains("metadata_id") && tables.contains("states_meta");
  if (!numbered && !states.contains("entity_id"))
    return missing(file, "table \"states\" has neither \"entity_id\" nor \"metadata_id\" "
                         "with a table \"states_meta\"");
  if (!states.contains("last_updated_ts") && !states.contains("last_updated"))
    return missing(file, "table \"states\" has neither \"last_updated_ts\" nor "
                         "\"last_updated\"");
  return {};
}

/// From schema 6 to 25 contexts may be in the event that a state belongs to only.
bool contexts_in_events(const names& states, const names& events) {
  return !states.contains("context_id") && !states.contains("context_id_bin") &&
         states.contains("event_id") && events.contains("event_id") &&
         events.contains("context_id");
}

std::string states_query(const names& tables, const names& states, const names& events) {
  const bool join = contexts_in_events(states, events);
  const auto& contexts = join ? events : states;
  const auto* const from = join ? "e" : "s";
  const bool numbered = tables.contains("states_meta");
  return fmt::format(
    "SELECT s.rowid, {}, {}, s.state, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {} "
    "FROM states s {} WHERE s.rowid > ?1 ORDER BY s.rowid LIMIT ?2",
    numbered ? pick(states, "s", "metadata_id") : "NULL", pick(states, "s", "entity_id"),
    pick(states, "s", "last_updated_ts"), pick(states, "s", "last_changed_ts"),
    pick(states, "s", "last_updated"), pick(states, "s", "last_changed"),
    pick(states, "s", "old_state_id"), pick(contexts, from, "context_id_bin"),
    pick(contexts, from, "context_user_id_bin"),
    pick(contexts, from, "context_parent_id_bin"), pick(contexts, from, "context_id"),
    pick(contexts, from, "context_user_id"), pick(contexts, from, "context_parent_id"),
    pick(states, "s", "state_id"),
    join ? "LEFT JOIN events e ON e.event_id = s.event_id" : "");
}

std::string events_query(const names& tables, const names& events) {
  const bool typed = events.contains("event_type_id") && tables.contains("event_types");
  const bool named = events.contains("event_type");
  if (!tables.contains("events") || (!typed && !named))
    return {};
  constexpr std::string_view wanted = "('automation_triggered', 'script_started', "
                                      "'homeassistant_start', 'homeassistant_started')";
  // The plus signs keep SQLite from using an index of the types: the ids are a short range.
  // While Home Assistant moves the types to their table, some rows have them in place.
  constexpr std::string_view number_to_type =
    "(SELECT t.event_type FROM event_types t WHERE t.event_type_id = e.event_type_id)";
  const auto type = typed && named
                      ? fmt::format("COALESCE({}, e.event_type)", number_to_type)
                    : typed ? std::string{number_to_type}
                            : std::string{"e.event_type"};
  const auto by_number =
    fmt::format("+e.event_type_id IN (SELECT event_type_id FROM event_types "
                "WHERE event_type IN {})",
                wanted);
  const auto by_name = fmt::format("+e.event_type IN {}", wanted);
  const auto filter = typed && named ? fmt::format("({} OR {})", by_number, by_name)
                      : typed        ? by_number
                                     : by_name;
  return fmt::format("SELECT e.rowid, {}, {}, {}, {}, {} FROM events e "
                     "WHERE e.rowid > ?1 AND e.rowid <= ?2 AND {}",
                     type, pick(events, "e", "time_fired_ts"),
                     pick(events, "e", "time_fired"), pick(events, "e", "context_id_bin"),
                     pick(events, "e", "context_id"), filter);
}

int read_version(sqlite_database& database) {
  auto query = database.prepare("SELECT schema_version FROM schema_changes "
                                "ORDER BY change_id DESC LIMIT 1");
  return query && query->step() ? static_cast<int>(query->number(0)) : 0;
}

/// Whether a query has a row; false too where it can't be asked.
bool finds_any(sqlite_database& database, const std::string& sql) {
  auto query = database.prepare(sql);
  return query && query->step();
}

/// True if the file would tell which changes are an automation's: their runs are among its
/// events, or they have states of their own. Looks at a few rows only.
bool tells_automations(sqlite_database& database, const recorder_schema& schema,
                       const names& states) {
  if (!schema.names_sql.empty() &&
      finds_any(database,
                "SELECT 1 FROM states_meta WHERE entity_id GLOB 'automation.*'"))
    return true;
  if (states.contains("entity_id") &&
      finds_any(database, "SELECT 1 FROM (SELECT entity_id FROM states LIMIT 20000) "
                          "WHERE entity_id GLOB 'automation.*'"))
    return true;
  if (schema.events_sql.empty())
    return false;
  return finds_any(database, "SELECT 1 FROM event_types WHERE event_type = "
                             "'automation_triggered'") ||
         finds_any(database, "SELECT 1 FROM (SELECT event_type FROM events LIMIT 20000) "
                             "WHERE event_type = 'automation_triggered'");
}

} // namespace

expected<recorder_schema> probe_recorder(sqlite_database& database,
                                         const std::string& file) {
  const auto tables = database.tables();
  const auto states = database.columns_of("states");
  const auto events = database.columns_of("events");
  if (auto err = check_states(file, tables, states))
    return err;
  const auto has = [&](const char* column) {
    const auto binary = std::string{column} + "_bin";
    return states.contains(column) || states.contains(binary) ||
           (contexts_in_events(states, events) && events.contains(column));
  };
  if (!database.prepare("SELECT rowid FROM states LIMIT 1"))
    return missing(file,
                   "table \"states\" is made WITHOUT ROWID; copy it into a plain one");
  recorder_schema result;
  result.version = tables.contains("schema_changes") ? read_version(database) : 0;
  result.old_state_ids = states.contains("old_state_id");
  result.users = has("context_user_id");
  result.parents = has("context_parent_id");
  result.runs = database.columns_of("recorder_runs").contains("start");
  result.states_sql = states_query(tables, states, events);
  result.events_sql = events_query(tables, events);
  if (result.old_state_ids && states.contains("state_id") &&
      database.has_index("states", {"state_id"}))
    result.old_state_sql = "SELECT state FROM states WHERE state_id = ?1";
  if (states.contains("metadata_id") && tables.contains("states_meta"))
    result.names_sql = "SELECT metadata_id, entity_id FROM states_meta";
  if (!result.names_sql.empty() && states.contains("last_updated_ts") &&
      database.has_index("states", {"metadata_id", "last_updated_ts"}))
    result.carried_sql = "SELECT state FROM states WHERE metadata_id = ?1 AND "
                         "last_updated_ts < ?2 ORDER BY last_updated_ts DESC, state DESC "
                         "LIMIT 1";
  result.automations = tells_automations(database, result, states);
  return result;
}

} // namespace habitd
