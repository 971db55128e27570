// Recorders that can't be read as they lie there: closed, unreadable, packed, damaged.

#include "tests/actors/home/made_recorder.hpp"
#include "tests/actors/home/recorder_sample.hpp"
#include "tests/actors/home/sample.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <fstream>
#include <set>

namespace habitd {

namespace {

using texts = std::vector<std::string>;

/// A database of one entity with so many states, closed.
void record_states(const std::filesystem::path& file, int states) {
  made_recorder recorder{file};
  for (int i = 0; i < states; ++i)
    recorder.add({"light.a", std::to_string(i), noon + i});
  REQUIRE(recorder.checkpoint());
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

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
  record_states(file, 2'000);
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
  record_states(file, 5'000);
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

namespace {

std::set<std::string> files_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    names.insert(entry.path().filename());
  return names;
}

/// A copy of the database's files as they are while its writer holds it open.
void copy_files(const std::filesystem::path& file, const std::filesystem::path& into,
                std::initializer_list<const char*> endings) {
  for (const auto* const ending : endings)
    std::filesystem::copy_file(file.string() + ending,
                               into / (file.filename().string() + ending));
}

} // namespace

TEST_CASE("reading a closed database leaves no file beside it") {
  const scratch_folder folder;
  record_states(folder.path() / "home.db", 20);
  REQUIRE(files_in(folder.path()) == std::set<std::string>{"home.db"});

  const auto source = read_all(folder.path() / "home.db");

  REQUIRE(source);
  CHECK(source->rows.size() == 20);
  CHECK(files_in(folder.path()) == std::set<std::string>{"home.db"});
}

TEST_CASE("a log that a killed writer left is read, also where nothing can be written") {
  const scratch_folder folder;
  made_recorder recorder{folder.path() / "home.db"};
  for (int i = 0; i < 20; ++i)
    recorder.add({"light.a", std::to_string(i), noon + i});
  const scratch_folder left;
  copy_files(folder.path() / "home.db", left.path(), {"", "-wal"});
  const auto log = file_content(left.path() / "home.db-wal");

  const auto source = read_all(left.path() / "home.db");

  INFO(failure_of(source));
  REQUIRE(source);
  CHECK(source->rows.size() == 20);
  CHECK(files_in(left.path()) == std::set<std::string>{"home.db", "home.db-wal"});
  CHECK(file_content(left.path() / "home.db-wal") == log);
}

TEST_CASE("a writer that starts while a closed database is read is noticed") {
  const scratch_folder folder;
  const auto file = folder.path() / "home.db";
  record_states(file, 50);
  auto source = open_source(request_for(file, 20));
  REQUIRE(source);
  REQUIRE(source->next());

  made_recorder recorder{file};
  recorder.add({"light.a", "50", noon + 50});
  std::vector<std::string> rest = states_in(drain(*source));

  REQUIRE(rest.size() == 31);
  CHECK(rest.back() == "50");
}

TEST_CASE(
  "a database in the middle of a locked transaction is not read without its locks") {
  const scratch_folder folder;
  const auto file = folder.path() / "home.db";
  record_states(file, 20);
  made_recorder recorder{file};
  recorder.run("PRAGMA journal_mode=DELETE; PRAGMA busy_timeout=0");
  recorder.run("BEGIN EXCLUSIVE; DELETE FROM states WHERE state_id < 10");

  const auto source = read_all(file);

  REQUIRE_FALSE(source);
  CHECK(code_of(source.error()) == ec::unavailable);
  CHECK(has(failure_of(source), "locked"));
}

TEST_CASE("a transaction that was cut off is told, with what to do") {
  const scratch_folder folder;
  const auto file = folder.path() / "home.db";
  record_states(file, 3'000);
  made_recorder recorder{file};
  recorder.run("PRAGMA journal_mode=DELETE; PRAGMA cache_size=5");
  recorder.run("BEGIN; DELETE FROM states WHERE state_id < 2500");
  const scratch_folder left;
  copy_files(file, left.path(), {"", "-journal"});

  const auto source = read_all(left.path() / "home.db");

  REQUIRE_FALSE(source);
  CHECK(has(failure_of(source), "a transaction was cut off"));
  CHECK(has(failure_of(source), "start Home Assistant once"));
}

} // namespace habitd
