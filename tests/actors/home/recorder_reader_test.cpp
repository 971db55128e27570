#include "tests/actors/home/made_recorder.hpp"
#include "tests/actors/home/sample.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace habitd {

namespace {

constexpr double noon = 1795348800; // 2026-11-22T12:00:00Z
const std::string act_a(16, 'a');
const std::string act_b(16, 'b');
const std::string ann(16, 'n');

source_request request_for(const std::filesystem::path& file,
                           std::size_t page_rows = 5000) {
  source_request request;
  request.file = file;
  request.page_rows = page_rows;
  request.calendar = berlin();
  return request;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// All rows up to the end for now.
std::vector<plain_row> drain(event_source& source, std::string* cursor = nullptr) {
  std::vector<plain_row> result;
  while (true) {
    const auto step = source.next();
    INFO((step ? "" : describe(step.error())));
    REQUIRE(step);
    for (auto& row : rows_of(*step))
      result.push_back(std::move(row));
    if (cursor)
      *cursor = step->position.cursor;
    if (step->at_end)
      return result;
  }
}

std::vector<std::string> states_in(const std::vector<plain_row>& rows) {
  std::vector<std::string> result;
  for (const auto& row : rows)
    result.push_back(row.kind == row_kind::restart ? "restart" : row.state);
  return result;
}

using texts = std::vector<std::string>;

std::string file_content(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

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
  CHECK(source->rows[0].before == previous::none);
  CHECK(source->rows[1].old_state == "off");
  CHECK(source->rows[1].at == "2026-11-22T12:00:01.123Z");
  CHECK(source->rows[1].kind == row_kind::change);
  CHECK(source->rows[2].before == previous::unspecified); // purged
  CHECK(source->rows[3].kind == row_kind::attributes);
  CHECK(source->description == "Home Assistant recorder, schema 53");
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

TEST_CASE("restarts are told once, before the first row after them") {
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

  CHECK(states_in(rows) == texts{"restart", "1", "2", "restart", "restart", "3"});
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
  CHECK(source->rows[1].old_state == "off");
  CHECK(source->rows[1].by == cause::person); // from the event it belongs to
  CHECK(source->rows[2].kind == row_kind::attributes);
  CHECK(source->description == "Home Assistant recorder, from before schema numbers");
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

TEST_CASE("a closed database in a folder that can't be written is read all the same") {
  const scratch_folder folder;
  const auto file = folder.path() / "home.db";
  {
    made_recorder recorder{file};
    recorder.add({"light.a", "on", noon});
  }
  REQUIRE_FALSE(std::filesystem::exists(folder.path() / "home.db-wal"));
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0555});
  std::filesystem::permissions(file, std::filesystem::perms{0444});
  const bool root = ::geteuid() == 0;
  if (root)
    REQUIRE(::seteuid(65'534) == 0); // permissions don't hold root back

  const auto source = read_all(file);
  const bool left_nothing = !std::filesystem::exists(folder.path() / "home.db-shm");
  if (root)
    REQUIRE(::seteuid(0) == 0);
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});

  INFO(failure_of(source));
  REQUIRE(source);
  CHECK(source->rows.size() == 1);
  CHECK(left_nothing);
}

TEST_CASE("a database whose log can't be read is not opened without it") {
  const scratch_folder folder;
  const auto file = folder.path() / "home.db";
  made_recorder recorder{file};
  recorder.add({"light.a", "on", noon});
  REQUIRE(std::filesystem::exists(folder.path() / "home.db-wal"));
  std::filesystem::permissions(folder.path() / "home.db-wal", std::filesystem::perms{0});
  std::filesystem::permissions(folder.path() / "home.db-shm", std::filesystem::perms{0});
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0555});
  const bool root = ::geteuid() == 0;
  if (root)
    REQUIRE(::seteuid(65'534) == 0);

  const auto source = read_all(file);
  if (root)
    REQUIRE(::seteuid(0) == 0);
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});

  REQUIRE_FALSE(source);
  CHECK(code_of(source.error()) == ec::unavailable);
}

TEST_CASE("a name with signs that mean something in a URI is opened as it is") {
  const scratch_folder folder;
  const auto file = folder.path() / "ho me?#%20.db";
  made_recorder recorder{file};
  recorder.add({"light.a", "on", noon});

  const auto source = read_all(file);

  INFO(failure_of(source));
  REQUIRE(source);
  CHECK(source->rows.size() == 1);
}

TEST_CASE("a compressed database is read from a copy that nobody finds") {
  const scratch_folder folder;
  const auto file = folder.path() / "home.db";
  {
    made_recorder recorder{file};
    recorder.add({"light.a", "on", noon});
  }
  const auto packed = write_compressed(folder.path() / "home.db.gz", file_content(file));
  const scratch_folder temporary;
  const char* const before = ::getenv("TMPDIR");
  const std::string kept = before ? before : "";
  ::setenv("TMPDIR", temporary.path().c_str(), 1);

  auto source = open_source(request_for(packed));
  before ? ::setenv("TMPDIR", kept.c_str(), 1) : ::unsetenv("TMPDIR");

  INFO((source ? "" : describe(source.error())));
  REQUIRE(source);
  CHECK(std::filesystem::is_empty(temporary.path())); // also if we were killed now
  CHECK(drain(*source).size() == 1);
}

TEST_CASE(
  "a database that is cut off is damaged, one of another program the wrong schema") {
  const scratch_folder folder;
  const auto file = folder.path() / "home.db";
  {
    made_recorder recorder{file};
    for (int i = 0; i < 2'000; ++i)
      recorder.add({"light.a", std::to_string(i), noon + i});
    REQUIRE(recorder.checkpoint());
  }
  const auto size = std::filesystem::file_size(file);

  for (const auto kept :
       {size / 2, size / 4, std::uintmax_t{4'096}, std::uintmax_t{600}}) {
    std::filesystem::resize_file(file, kept);
    const auto source = read_all(file);
    CAPTURE(kept);
    REQUIRE_FALSE(source);
    CHECK(code_of(source.error()) == ec::corrupt_data);
    CHECK(has(failure_of(source), "home.db"));
  }

  const auto other = folder.path() / "other.db";
  {
    made_recorder recorder{other};
    recorder.run("DROP TABLE states");
  }
  const auto no_table = read_all(other);
  {
    made_recorder recorder{other};
    recorder.run("DROP TABLE states; DROP TABLE states_meta;"
                 "CREATE TABLE states (state_id INTEGER, state TEXT)");
  }
  const auto no_column = read_all(other);

  REQUIRE_FALSE(no_table);
  CHECK(code_of(no_table.error()) == ec::invalid_input);
  CHECK(has(failure_of(no_table), "no table \"states\""));
  REQUIRE_FALSE(no_column);
  CHECK(has(failure_of(no_column), "neither \"entity_id\" nor \"metadata_id\""));
}

TEST_CASE("of a damaged database the good rows are read before the error") {
  const scratch_folder folder;
  const auto file = folder.path() / "home.db";
  {
    made_recorder recorder{file};
    for (int i = 0; i < 5'000; ++i)
      recorder.add({"light.a", std::to_string(i), noon + i});
    REQUIRE(recorder.checkpoint());
  }
  // A leaf in the middle of the table: one page of rows can't be read.
  const auto size = std::filesystem::file_size(file);
  std::fstream damaged{file, std::ios::binary | std::ios::in | std::ios::out};
  damaged.seekp(static_cast<std::streamoff>(size / 2 / 4096 * 4096));
  damaged << std::string(4096, '\xee');
  damaged.close();

  auto source = open_source(request_for(file));
  REQUIRE(source);
  int rows = 0;
  auto step = source->next();
  for (; step && !step->at_end; step = source->next())
    for (const auto& row : rows_of(*step))
      CHECK(row.state == std::to_string(rows++));

  REQUIRE_FALSE(step);
  INFO(describe(step.error()));
  CHECK(code_of(step.error()) == ec::corrupt_data);
  CHECK(rows > 1'000);
  CHECK(rows < 5'000);
}

TEST_CASE("bad rows of a recorder are skipped with their ids, all bad is an error") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  recorder.run("INSERT INTO states (metadata_id, state, last_updated_ts) VALUES "
               "(77, 'on', 1795348800)");
  recorder.add({"light.a", "1", 5});

  const auto all_bad = read_all(folder.path() / "home.db");
  recorder.add({"light.a", "2", noon});
  const auto source = read_all(folder.path() / "home.db");

  REQUIRE_FALSE(all_bad);
  CHECK(has(failure_of(all_bad), "none of 2 rows could be read"));
  REQUIRE(source);
  CHECK(states_in(source->rows) == texts{"2"});
  CHECK(source->problems.bad_rows == 1);
  CHECK(source->problems.out_of_range == 1);
  CHECK(has(source->problems.first.at(0), "home.db:1: no entity"));
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

} // namespace habitd
