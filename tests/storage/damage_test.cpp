#include "tests/storage/scratch_directory.hpp"

#include <fstream>
#include <functional>
#include <random>
#include <vector>

using namespace habitd;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

constexpr int values = 400;

std::string key_of(int number) {
  return "key" + std::to_string(1000 + number);
}

/// Random, so that it is stored as large as it is.
std::string value_of(int number) {
  std::mt19937 random{static_cast<unsigned>(number)};
  std::string value(8000, ' ');
  for (auto& c : value)
    c = static_cast<char>(random());
  return value;
}

/// More than the write buffers hold, so that tables are on disk.
void fill(const storage_options& options) {
  const auto db = must_open(options);
  for (int i = 0; i < values; ++i) {
    batch changes;
    changes.put(family::events, key_of(i), value_of(i));
    REQUIRE_FALSE(db->write(std::move(changes)));
  }
}

std::vector<fs::path> files(const fs::path& directory, const std::string& part) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator{directory})
    if (entry.path().filename().string().find(part) != std::string::npos)
      found.push_back(entry.path());
  return found;
}

void overwrite(const fs::path& file, std::streamoff at, const std::string& bytes) {
  std::fstream out{file, std::ios::in | std::ios::out | std::ios::binary};
  out.seekp(at);
  out << bytes;
  REQUIRE(out.good());
}

using damage = std::function<void(const fs::path& store)>;

void garble_current(const fs::path& store) {
  std::ofstream{store / "CURRENT"} << "\x01\x02 not a manifest";
}
void point_current_nowhere(const fs::path& store) {
  std::ofstream{store / "CURRENT"} << "MANIFEST-999999\n";
}
void remove_current(const fs::path& store) {
  fs::remove(store / "CURRENT");
}
void garble_manifest(const fs::path& store) {
  overwrite(files(store, "MANIFEST").at(0), 0, std::string(200, '\x5a'));
}
void flip_end_of_tables(const fs::path& store) {
  for (const auto& table : files(store, ".sst"))
    overwrite(table, static_cast<std::streamoff>(fs::file_size(table)) - 8, "garbage!");
}
void cut_tables(const fs::path& store) {
  for (const auto& table : files(store, ".sst"))
    fs::resize_file(table, fs::file_size(table) / 2);
}
void remove_tables(const fs::path& store) {
  for (const auto& table : files(store, ".sst"))
    fs::remove(table);
}

} // namespace

TEST_CASE("a store that is damaged is moved aside, kept whole, and a new one is begun") {
  const auto [name, inflict] = GENERATE(table<const char*, damage>({
    {"CURRENT is garbage", garble_current},
    {"CURRENT names no file", point_current_nowhere},
    {"CURRENT is missing", remove_current},
    {"the manifest is garbage", garble_manifest},
    {"the ends of tables are garbage", flip_end_of_tables},
    {"tables are cut off", cut_tables},
    {"tables are missing", remove_tables},
  }));
  CAPTURE(name);
  const scratch_directory scratch;
  fill(scratch.options());
  const auto tables = files(scratch.store(), ".sst").size();
  REQUIRE(tables > 0);
  inflict(scratch.store());
  const auto left = files(scratch.store(), ".sst").size();

  auto options = scratch.options();
  options.opened_at = wall_time{std::chrono::seconds{1795327500}};
  const auto db = must_open(options);

  CHECK(db->recovered_from() == scratch.store().string() + ".corrupt-20261122T060500Z");
  CHECK(files(db->recovered_from(), ".sst").size() == left);
  CHECK_FALSE(db->get(family::events, key_of(0)));
  batch changes;
  changes.put(family::events, "a", "b");
  CHECK_FALSE(db->write(std::move(changes)));
}

TEST_CASE("a second damaged store of the same second gets a name of its own") {
  const scratch_directory scratch;
  for (int i = 0; i < 2; ++i) {
    must_open(scratch.options());
    garble_current(scratch.store());
  }
  must_open(scratch.options());

  CHECK(files(scratch.path(), ".corrupt-19700101T000000Z-2").size() == 1);
  CHECK(files(scratch.path(), ".corrupt-").size() == 2);
}

TEST_CASE("a schema version that is garbage counts as damage") {
  const scratch_directory scratch;
  {
    const auto db = must_open(scratch.options());
    batch changes;
    changes.put(family::meta, "schema", "1\xff");
    REQUIRE_FALSE(db->write(std::move(changes)));
  }

  CHECK_FALSE(must_open(scratch.options())->recovered_from().empty());
}

TEST_CASE("a store whose creation was cut off is begun again in place") {
  const scratch_directory scratch;
  fs::create_directories(scratch.store());
  std::ofstream{scratch.store() / "MANIFEST-000001"} << "half";
  std::ofstream{scratch.store() / "LOCK"};

  CHECK(must_open(scratch.options())->recovered_from().empty());
}

TEST_CASE(
  "a log damaged in its midst costs the batches after that, and the store says so") {
  const scratch_directory scratch;
  auto options = scratch.options();
  options.flush_at_end = false;
  constexpr int batches = 30; // too few for a table
  {
    const auto db = must_open(options);
    for (int i = 0; i < batches; ++i) {
      batch changes;
      changes.put(family::events, key_of(i), value_of(i));
      changes.put(family::days, key_of(i), "day");
      REQUIRE_FALSE(db->write(std::move(changes)));
    }
  }
  const auto log = files(scratch.store(), ".log").at(0);
  overwrite(log, static_cast<std::streamoff>(fs::file_size(log) / 2), "flipped");

  const auto db = must_open(options);

  CHECK(db->recovered_from().empty());
  CHECK(db->lost_last_writes());
  int there = 0;
  while (db->get(family::events, key_of(there)))
    ++there;
  CHECK(there > 10);
  CHECK(there < 20);
  for (int i = 0; i < batches; ++i)
    CHECK(static_cast<bool>(db->get(family::days, key_of(i))) == (i < there));
}

TEST_CASE("a log that ends in half a record, as after a power cut, is no damage") {
  const scratch_directory scratch;
  auto options = scratch.options();
  options.flush_at_end = false;
  {
    const auto db = must_open(options);
    for (int i = 0; i < 3; ++i) {
      batch changes;
      changes.put(family::events, key_of(i), value_of(i));
      REQUIRE_FALSE(db->write(std::move(changes)));
    }
  }
  const auto log = files(scratch.store(), ".log").at(0);
  fs::resize_file(log, fs::file_size(log) - 100);

  const auto db = must_open(options);

  CHECK_FALSE(db->lost_last_writes());
  CHECK(db->get(family::events, key_of(1)));
  CHECK_FALSE(db->get(family::events, key_of(2)));
}

namespace {

void flip_tables(const fs::path& store) {
  for (const auto& table : files(store, ".sst"))
    for (std::streamoff at = 100;
         at + 20'000 < static_cast<std::streamoff>(fs::file_size(table)); at += 40'000)
      overwrite(table, at, "flipped");
}

} // namespace

TEST_CASE("what lies in damaged blocks is cut out of the store, and no value is wrong") {
  const scratch_directory scratch;
  fill(scratch.options());
  flip_tables(scratch.store());

  const auto db = must_open(scratch.options());

  int lost = 0;
  for (int i = 0; i < values; ++i) {
    const auto value = db->get(family::events, key_of(i));
    if (value) {
      CHECK((*value == value_of(i))); // parenthesised: not worth printing
      continue;
    }
    CHECK(code_of(value.error()) == ec::not_found);
    ++lost;
  }
  CHECK(lost > 0);
  CHECK_FALSE(db->scan(family::events, {}, {},
                       [](std::string_view, std::string_view) { return true; }));
  CHECK_THAT(db->repaired(), Contains("events damaged"));
  CHECK(db->recovered_from().empty());
  batch changes;
  changes.put(family::events, "a", "b");
  CHECK_FALSE(db->write(std::move(changes)));
}

TEST_CASE("what the copy holds of a damaged block comes back") {
  const scratch_directory scratch;
  auto options = scratch.options();
  options.sync = true; // a store that is kept
  fill(options);
  REQUIRE_FALSE(must_open(options)->keep_copy());
  {
    const auto db = must_open(options); // since the copy was made
    batch changes;
    changes.put(family::events, "new", "value");
    REQUIRE_FALSE(db->write(std::move(changes)));
  }
  flip_tables(scratch.store());

  const auto db = must_open(options);

  for (int i = 0; i < values; ++i)
    CHECK((db->get(family::events, key_of(i)) == value_of(i)));
  CHECK(db->get(family::events, "new") == std::string{"value"});
  CHECK_FALSE(db->repaired().empty());
}

TEST_CASE("a store that can't be opened goes on from its copy") {
  const auto [name, inflict] = GENERATE(table<const char*, damage>({
    {"CURRENT is garbage", garble_current},
    {"the manifest is garbage", garble_manifest},
    {"the ends of tables are garbage", flip_end_of_tables},
  }));
  CAPTURE(name);
  const scratch_directory scratch;
  auto options = scratch.options();
  options.sync = true;
  fill(options);
  REQUIRE_FALSE(must_open(options)->keep_copy());
  inflict(scratch.store());

  const auto db = must_open(options);

  CHECK(db->is_of_copy());
  CHECK_FALSE(db->recovered_from().empty());
  CHECK_THAT(db->mishap(), Contains("its copy took its place"));
  for (int i = 0; i < values; ++i)
    CHECK((db->get(family::events, key_of(i)) == value_of(i)));
}

TEST_CASE("where the copy is damaged as well, a new store is begun") {
  const scratch_directory scratch;
  auto options = scratch.options();
  options.sync = true;
  fill(options);
  REQUIRE_FALSE(must_open(options)->keep_copy());
  garble_current(scratch.store());
  for (const auto& entry :
       fs::recursive_directory_iterator{scratch.path() / "store.copy"})
    if (entry.is_regular_file())
      overwrite(entry.path(), 0, "garbage!");

  const auto db = must_open(options);

  CHECK_FALSE(db->is_of_copy());
  CHECK_FALSE(db->recovered_from().empty());
  CHECK_FALSE(db->get(family::events, key_of(0)));
}

TEST_CASE("an orderly end leaves nothing in the log that a flipped bit could take away") {
  const scratch_directory scratch;
  {
    const auto db = must_open(scratch.options());
    batch changes;
    changes.put(family::events, "key", "value");
    changes.put(family::days, "day", "record");
    REQUIRE_FALSE(db->write(std::move(changes)));
  }
  for (const auto& log : files(scratch.store(), ".log"))
    if (fs::file_size(log) > 20)
      overwrite(log, 10, "flipped");

  const auto db = must_open(scratch.options());

  CHECK_FALSE(db->lost_last_writes());
  CHECK(db->get(family::events, "key") == std::string{"value"});
}

TEST_CASE(
  "a swap of the repaired store that a crash cut off is finished by the next start") {
  const scratch_directory scratch;
  fill(scratch.options());
  fs::rename(scratch.store(), scratch.store().string() + ".repaired");

  CHECK((must_open(scratch.options())->get(family::events, key_of(0)) == value_of(0)));
}
