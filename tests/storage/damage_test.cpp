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
  constexpr int batches = 30; // too few for a table
  {
    const auto db = must_open(scratch.options());
    for (int i = 0; i < batches; ++i) {
      batch changes;
      changes.put(family::events, key_of(i), value_of(i));
      changes.put(family::days, key_of(i), "day");
      REQUIRE_FALSE(db->write(std::move(changes)));
    }
  }
  const auto log = files(scratch.store(), ".log").at(0);
  overwrite(log, static_cast<std::streamoff>(fs::file_size(log) / 2), "flipped");

  const auto db = must_open(scratch.options());

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
  {
    const auto db = must_open(scratch.options());
    for (int i = 0; i < 3; ++i) {
      batch changes;
      changes.put(family::events, key_of(i), value_of(i));
      REQUIRE_FALSE(db->write(std::move(changes)));
    }
  }
  const auto log = files(scratch.store(), ".log").at(0);
  fs::resize_file(log, fs::file_size(log) - 100);

  const auto db = must_open(scratch.options());

  CHECK_FALSE(db->lost_last_writes());
  CHECK(db->get(family::events, key_of(1)));
  CHECK_FALSE(db->get(family::events, key_of(2)));
}

TEST_CASE("flipped bytes inside a table are an error when read, never a wrong value") {
  const scratch_directory scratch;
  fill(scratch.options());
  for (const auto& table : files(scratch.store(), ".sst"))
    for (std::streamoff at = 100;
         at + 20'000 < static_cast<std::streamoff>(fs::file_size(table)); at += 40'000)
      overwrite(table, at, "flipped");

  const auto db = must_open(scratch.options());

  int corrupt = 0;
  for (int i = 0; i < values; ++i) {
    const auto value = db->get(family::events, key_of(i));
    if (value) {
      CHECK((*value == value_of(i))); // parenthesised: not worth printing
      continue;
    }
    CHECK(code_of(value.error()) == ec::corrupt_data);
    ++corrupt;
  }
  CHECK(corrupt > 0);
  const auto failed = db->scan(family::events, {}, {},
                               [](std::string_view, std::string_view) { return true; });
  CHECK(code_of(failed) == ec::corrupt_data);
  CHECK(db->recovered_from().empty());
}
