#include "tests/actors/home/made_days.hpp"
#include "tests/actors/home/made_recorder.hpp"
#include "tests/actors/home/recorder_sample.hpp"
#include "tests/actors/home/sample.hpp"

#include <catch2/catch.hpp>

namespace habitd {

namespace {

const std::string act_a(16, 'a');
const std::string act_b(16, 'b');
const std::string ann(16, 'n');

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("a recorder's rows tell what was before") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  const auto first = recorder.add({"light.a", "off", noon});
  recorder.add(
    {.entity = "light.a", .state = "on", .at = noon + 1.123456, .old_id = first});
  recorder.add({.entity = "light.b", .state = "on", .at = noon + 2, .old_id = 999});
  recorder.add({.entity = "light.a",
                .state = "on",
                .at = noon + 3,
                .changed = noon + 1.123456,
                .old_id = first + 1});

  const auto source = read_all(folder.path() / "home.db");

  INFO(failure_of(source));
  REQUIRE(source);
  REQUIRE(source->rows.size() == 4);
  CHECK(source->rows[0].before == previous::unspecified); // null says nothing
  CHECK(source->rows[1].old_state == "off");
  CHECK(source->rows[1].at == "2026-11-22T12:00:01.123Z");
  CHECK(source->rows[1].kind == row_kind::change);
  CHECK(source->rows[2].before == previous::unspecified); // purged
  CHECK(source->rows[3].kind == row_kind::attributes);
  CHECK(source->description.find("Home Assistant recorder, schema 53; it does not say") ==
        0); // there is no automation in it
}

TEST_CASE("a recorder's contexts tell who acted, also without a parent") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  recorder.add_event("automation_triggered", noon, act_b);
  recorder.add_event("call_service", noon, act_a);
  recorder.add({.entity = "light.a", .state = "on", .at = noon, .context = act_a});
  recorder.add(
    {.entity = "light.b", .state = "on", .at = noon, .context = act_a, .user = ann});
  recorder.add(
    {.entity = "light.c", .state = "on", .at = noon, .context = act_a, .parent = act_b});
  recorder.add({.entity = "light.d", .state = "on", .at = noon, .context = act_b});
  recorder.add({.entity = "light.e", .state = "on", .at = noon});
  auto request = request_for(folder.path() / "home.db");

  const auto source = read_all(request);
  request.machine_users = {"6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e"};
  const auto with_machine = read_all(request);

  REQUIRE(source);
  REQUIRE(source->rows.size() == 5);
  CHECK(source->rows[0].by == cause::physical);
  CHECK(source->rows[1].by == cause::person);
  CHECK(source->rows[2].by == cause::automation);
  CHECK(source->rows[3].by == cause::automation);
  CHECK(source->rows[4].by == cause::unknown);
  CHECK(source->rows[0].act == source->rows[1].act);
  CHECK(source->rows[4].act == 0);
  REQUIRE(with_machine);
  CHECK(with_machine->rows[1].by == cause::automation);
}

TEST_CASE("restarts are told once, whenever they were") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  recorder.add_run("2026-11-22 11:00:00.000000");
  recorder.add_run("2026-11-22 12:00:01.500000");
  recorder.add_run("2026-11-22 13:00:00.000000");
  recorder.add_event("homeassistant_started", noon + 1.7, act_a);
  recorder.add({"light.a", "1", noon});
  recorder.add({"light.a", "2", noon + 1});
  recorder.add({"light.a", "3", noon + 2});
  auto request = request_for(folder.path() / "home.db", 2);

  auto source = open_source(request);
  REQUIRE(source);
  const auto rows = drain(*source, &request.resume_cursor);
  recorder.add({"light.a", "4", noon + 3});
  const auto tail = drain(*source);
  auto resumed = open_source(request);
  REQUIRE(resumed);

  CHECK(states_in(rows) ==
        texts{"restart", "restart", "restart", "restart", "1", "2", "3"});
  CHECK(rows[0].at == "2026-11-22T11:00:00.000Z");
  CHECK(states_in(tail) == texts{"4"});
  CHECK(states_in(drain(*resumed)) == texts{"4"});
}

TEST_CASE("a reader resumes by state_id and names pages by it") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  for (int i = 0; i < 10; ++i)
    recorder.add({"light.a", std::to_string(i), noon + i});
  recorder.run("DELETE FROM states WHERE state_id < 3");
  auto request = request_for(folder.path() / "home.db", 4);

  const auto whole = read_all(request);
  auto source = open_source(request);
  REQUIRE(source);
  const auto step = source->next();
  REQUIRE(step);
  request.resume_cursor = step->position.cursor;
  const auto rest = read_all(request);

  REQUIRE(whole);
  CHECK(whole->rows.size() == 8);
  CHECK(whole->progress == 1);
  REQUIRE(rest);
  CHECK(states_in(rest->rows) == texts{"6", "7", "8", "9"});
  CHECK(rest->ordinals.front() == 7);
  CHECK(step->progress > 0);
  CHECK(step->progress < 1);
}

TEST_CASE("rows that come late are read by their id, whatever their time") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  recorder.add({"light.a", "1", noon + 100});
  auto source = open_source(request_for(folder.path() / "home.db"));
  REQUIRE(source);
  drain(*source);

  recorder.add({"light.a", "2", noon});

  CHECK(states_in(drain(*source)) == texts{"2"});
}

TEST_CASE("a database that was replaced is read from its start") {
  const scratch_folder folder;
  const auto file = folder.path() / "home.db";
  auto request = request_for(file);
  {
    made_recorder recorder{file};
    for (int i = 0; i < 10; ++i)
      recorder.add({"light.a", std::to_string(i), noon + i});
    REQUIRE(recorder.checkpoint());
  }
  auto source = open_source(request);
  REQUIRE(source);
  drain(*source, &request.resume_cursor);

  SECTION("by one with fewer rows, or other rows, while it is open") {
    const int rows = GENERATE(3, 20);
    const auto fresh = folder.path() / "new.db";
    made_recorder recorder{fresh};
    for (int i = 0; i < rows; ++i)
      recorder.add({"light.b", std::to_string(i), noon + 1000 + i});
    REQUIRE(recorder.checkpoint());
    std::filesystem::rename(fresh, file);

    CHECK(drain(*source).size() == static_cast<std::size_t>(rows));
    auto resumed = open_source(request);
    REQUIRE(resumed);
    CHECK(drain(*resumed).size() == static_cast<std::size_t>(rows));
  }

  SECTION("by its own writer, which removed all rows and began anew") {
    made_recorder recorder{file};
    recorder.run("DELETE FROM states");
    CHECK(drain(*source).empty());
    recorder.add({"light.b", "new", noon + 1000});

    CHECK(states_in(drain(*source)) == texts{"new"});
  }
}

TEST_CASE("a table that changes while it is read is probed again") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  recorder.add({"light.a", "1", noon});
  auto source = open_source(request_for(folder.path() / "home.db"));
  REQUIRE(source);
  drain(*source);

  recorder.run("ALTER TABLE states DROP COLUMN context_id");
  recorder.run("ALTER TABLE states ADD COLUMN something TEXT");
  recorder.add({"light.a", "2", noon + 1});

  CHECK(states_in(drain(*source)) == texts{"2"});
}

TEST_CASE("a renamed entity has its new name in rows read after that") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  recorder.add({"light.a", "1", noon});
  auto source = open_source(request_for(folder.path() / "home.db"));
  REQUIRE(source);
  drain(*source);

  recorder.run("UPDATE states_meta SET entity_id = 'light.hall'");
  recorder.add({"light.hall", "2", noon + 1});
  const auto rows = drain(*source);

  REQUIRE(rows.size() == 1);
  CHECK(rows[0].entity == "light.hall");
}

TEST_CASE("old schemas with text columns are read by the columns they have") {
  const scratch_folder folder;
  const auto file = folder.path() / "old.db";
  {
    made_recorder recorder{file};
    recorder.run("DROP TABLE states; DROP TABLE events; DROP TABLE states_meta;"
                 "DROP TABLE event_types; DROP TABLE schema_changes;"
                 "CREATE TABLE states (state_id INTEGER PRIMARY KEY, entity_id TEXT, "
                 "state TEXT, event_id INTEGER, last_changed DATETIME, "
                 "last_updated DATETIME);"
                 "CREATE TABLE events (event_id INTEGER PRIMARY KEY, event_type TEXT, "
                 "event_data TEXT, time_fired DATETIME, context_id TEXT, "
                 "context_user_id TEXT, context_parent_id TEXT);"
                 "INSERT INTO events VALUES (1, 'state_changed', '', "
                 "'2019-12-03 17:23:53.9', 'c1', 'u1', NULL);"
                 "INSERT INTO states VALUES (1, 'light.a', 'off', NULL, "
                 "'2019-12-03 17:23:53.947878', '2019-12-03 17:23:53.947878');"
                 "INSERT INTO states VALUES (2, 'light.a', 'on', 1, "
                 "'2019-12-03 17:24:00.000000', '2019-12-03 17:24:00.000000');"
                 "INSERT INTO states VALUES (3, 'light.a', 'on', NULL, "
                 "'2019-12-03 17:24:00.000000', '2019-12-03 17:25:00.000000')");
  }

  const auto source = read_all(file);

  INFO(failure_of(source));
  REQUIRE(source);
  REQUIRE(source->rows.size() == 3);
  CHECK(source->rows[0].at == "2019-12-03T17:23:53.947Z");
  CHECK(source->rows[0].before == previous::unspecified);
  CHECK(source->rows[0].by == cause::unknown);
  CHECK(source->rows[1].before == previous::unspecified); // its day's rows show it
  CHECK(source->rows[1].by == cause::person);             // from the event it belongs to
  CHECK(source->rows[2].kind == row_kind::attributes);
  CHECK(source->description.find("Home Assistant recorder, from before schema numbers") ==
        0);
}

TEST_CASE("every schema of the recorder that was ever seen can be read") {
  const auto folder = shared_file("recorder/ddl");
  if (!folder)
    return;
  const scratch_folder scratch;
  int schemas = 0;
  for (const auto& entry : std::filesystem::directory_iterator{*folder}) {
    const auto file = scratch.path() / (entry.path().stem().string() + ".db");
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &handle) == SQLITE_OK);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> database{handle, &sqlite3_close};
    const auto run = [&](const char* sql) {
      return sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
    };
    CAPTURE(entry.path());
    REQUIRE(run(file_content(entry.path()).c_str()));
    const bool now =
      run("INSERT INTO states_meta (metadata_id, entity_id) VALUES (1, 'light.a')") &&
      run("INSERT INTO states (metadata_id, state, last_updated_ts) VALUES (1, 'on', "
          "1.7e9)");
    if (!now)
      REQUIRE(
        run("INSERT INTO states (entity_id, state, last_changed, last_updated) VALUES "
            "('light.a', 'on', '2019-12-03 17:23:53.9', '2019-12-03 17:23:53.9')"));

    const auto source = read_all(file);

    INFO(failure_of(source));
    REQUIRE(source);
    CHECK(source->rows.size() == 1);
    CHECK(source->problems.bad_rows == 0);
    ++schemas;
  }
  CHECK(schemas == 28);
}

TEST_CASE("an empty recorder has nothing yet, and no error") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};

  auto source = open_source(request_for(folder.path() / "home.db"));
  REQUIRE(source);
  CHECK(drain(*source).empty());
  recorder.add({"light.a", "on", noon});

  CHECK(drain(*source).size() == 1);
}

TEST_CASE(
  "reading pages between writes misses nothing, and never holds a checkpoint up") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  recorder.add({"light.a", "0", noon});
  auto source = open_source(request_for(folder.path() / "home.db", 100));
  REQUIRE(source);
  int written = 0;
  int read = 0;
  const auto read_page = [&] {
    const auto step = source->next();
    REQUIRE(step);
    for (const auto& row : rows_of(*step)) {
      if (row.state != std::to_string(read))
        FAIL("expected " << read << ", read " << row.state);
      ++read;
    }
    return step->at_end;
  };

  for (int i = 0; i < 200; ++i) {
    recorder.run("BEGIN IMMEDIATE");
    for (int j = 0; j < 1 + i % 140; ++j) {
      ++written;
      recorder.add(
        {"light." + std::to_string(j), std::to_string(written), noon + written});
    }
    if (i % 3 == 0)
      read_page(); // while the writer is in the middle of a transaction
    recorder.run("COMMIT");
    read_page();
    REQUIRE(recorder.checkpoint());
  }
  while (!read_page()) {
  }

  CHECK(read == written + 1);
}

namespace {

std::vector<std::string> acts_of(const std::vector<plain_row>& rows) {
  return days_of(rows).begin()->second.acts;
}

/// Three states of one lamp, of which the second and the third are acts.
void add_lamp(made_recorder& recorder) {
  recorder.add({"light.a", "off", noon});
  recorder.add({"light.a", "on", noon + 3600});
  recorder.add({"light.a", "off", noon + 7200});
}

} // namespace

TEST_CASE("what some write for null, or in place of numbers, is understood") {
  const auto* const change = GENERATE(
    "UPDATE states SET old_state_id = NULL", "UPDATE states SET old_state_id = ''",
    "UPDATE states SET last_changed_ts = ''",
    "UPDATE states SET last_changed_ts = '', context_id_bin = '', old_state_id = ''",
    "CREATE TABLE t AS SELECT CAST(state_id AS TEXT) state_id, CAST(metadata_id AS TEXT) "
    "metadata_id, state, CAST(last_updated_ts AS TEXT) last_updated_ts, '' old_state_id "
    "FROM states; DROP TABLE states; ALTER TABLE t RENAME TO states",
    "CREATE TABLE t AS SELECT state_id, metadata_id, state, last_updated_ts * 1000 AS "
    "last_updated_ts FROM states; DROP TABLE states; ALTER TABLE t RENAME TO states");
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  add_lamp(recorder);
  recorder.run(change);

  const auto source = read_all(request_for(folder.path() / "home.db", 2));

  CAPTURE(change, failure_of(source));
  REQUIRE(source);
  CHECK(source->problems.bad_rows == 0);
  CHECK(acts_of(source->rows).size() == 2);
}

TEST_CASE("a table without a key is read page by page without sorting it for each") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  recorder.run(
    "DROP TABLE states; CREATE TABLE states (state_id TEXT, entity_id TEXT, "
    "state TEXT, last_updated_ts TEXT, old_state_id TEXT);"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
    "i < 60000) INSERT INTO states SELECT i, 'light.a', CASE i % 2 WHEN 1 THEN "
    "'on' ELSE 'off' END, 1795348800 + i * 60, i - 1 FROM n");

  const auto source = read_all(request_for(folder.path() / "home.db", 100));

  INFO(failure_of(source));
  REQUIRE(source);
  CHECK(source->rows.size() == 60'000);
  CHECK(source->pages == 601);
}

TEST_CASE("a table that can't be read page by page is refused by name") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  recorder.run(
    "ALTER TABLE states RENAME TO old; CREATE VIEW states AS SELECT * FROM old");
  const auto view = read_all(folder.path() / "home.db");
  recorder.run("DROP VIEW states; CREATE TABLE states (state_id INTEGER PRIMARY KEY, "
               "entity_id TEXT, state TEXT, last_updated_ts FLOAT) WITHOUT ROWID");
  const auto no_rowid = read_all(folder.path() / "home.db");

  CHECK(failure_of(view).find("\"states\" is a view") != std::string::npos);
  CHECK(failure_of(no_rowid).find("WITHOUT ROWID") != std::string::npos);
}

TEST_CASE("types of events are found in place where they were not moved yet") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  recorder.run("ALTER TABLE events ADD COLUMN event_type TEXT");
  recorder.add_event("automation_triggered", noon, act_b);
  recorder.run("UPDATE events SET event_type = 'automation_triggered', "
               "event_type_id = NULL");
  recorder.add({.entity = "light.a", .state = "on", .at = noon, .context = act_b});

  const auto source = read_all(folder.path() / "home.db");

  REQUIRE(source);
  REQUIRE(source->rows.size() == 1);
  CHECK(source->rows[0].by == cause::automation);
}

TEST_CASE("a home without events is told by the states of its automations") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  recorder.add({.entity = "light.a", .state = "off", .at = noon});
  const auto before = read_all(folder.path() / "home.db");
  recorder.add({.entity = "light.a", .state = "on", .at = noon + 60, .context = act_b});
  recorder.add(
    {.entity = "automation.a", .state = "on", .at = noon + 61, .context = act_b});

  const auto source = read_all(folder.path() / "home.db");

  REQUIRE(before);
  CHECK(before->description.find("does not say what automations did") !=
        std::string::npos);
  REQUIRE(source);
  CHECK(source->description == "Home Assistant recorder, schema 53");
  REQUIRE(acts_of(source->rows).size() == 1);
  CHECK(acts_of(source->rows)[0].ends_with("automated"));
}

TEST_CASE("names that changed since they were stored are told with the page") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  recorder.add({"light.a", "on", noon});
  recorder.add({"light.b", "on", noon});
  auto request = request_for(folder.path() / "home.db");
  auto source = open_source(request);
  REQUIRE(source);
  const auto first = source->next();
  REQUIRE(first);
  REQUIRE(first->names);
  CHECK(first->renamed.empty());
  request.known_names = *first->names;
  request.resume_cursor = first->position.cursor;
  const auto unchanged = open_source(request)->next();
  recorder.run("UPDATE states_meta SET entity_id = 'light.hall' WHERE entity_id = "
               "'light.a'");

  const auto later = open_source(request)->next();

  REQUIRE(unchanged);
  CHECK_FALSE(unchanged->names);
  REQUIRE(later);
  REQUIRE(later->renamed.size() == 1);
  CHECK(later->renamed[0].from == "light.a");
  CHECK(later->renamed[0].to == "light.hall");
  CHECK(later->names);
}

} // namespace habitd
