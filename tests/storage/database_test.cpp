#include "tests/storage/peer_process.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <vector>

using namespace habitd;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> keys_in(const database& db, family in, std::string_view from,
                                 std::string_view to, const snapshot* at = nullptr) {
  std::vector<std::string> keys;
  const auto visit = [&](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return true;
  };
  CHECK_FALSE(db.scan(in, from, to, visit, at));
  return keys;
}

batch put_all(family in, std::initializer_list<const char*> keys) {
  batch changes;
  for (const auto* key : keys)
    changes.put(in, key, std::string{"value of "} + key);
  return changes;
}

} // namespace

TEST_CASE("a batch over several families is there after the store is opened again") {
  const scratch_directory scratch;
  {
    const auto db = must_open(scratch.options());
    auto changes = put_all(family::days, {"a"});
    changes.put(family::jobs, "b", std::string("\0binary\xff", 8));
    REQUIRE_FALSE(db->write(std::move(changes)));
  }

  const auto db = must_open(scratch.options());

  CHECK(db->get(family::days, "a") == std::string{"value of a"});
  CHECK(db->get(family::jobs, "b") == std::string("\0binary\xff", 8));
  CHECK(code_of(db->get(family::days, "b").error()) == ec::not_found);
}

TEST_CASE("what is not there is an error that names family and key") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());

  const auto missing = db->get(family::aggregates_daily, std::string("\x01k", 2));

  REQUIRE_FALSE(missing);
  CHECK_THAT(describe(missing.error()),
             Contains("not found: read aggregates_daily/\\x01k"));
}

TEST_CASE("a scan gives the keys from the first to before the end, in order") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());
  REQUIRE_FALSE(db->write(put_all(family::jobs, {"d", "b", "a", "c"})));

  CHECK(keys_in(*db, family::jobs, "b", "d") == std::vector<std::string>{"b", "c"});
  CHECK(keys_in(*db, family::jobs, "c", {}) == std::vector<std::string>{"c", "d"});
  CHECK(keys_in(*db, family::jobs, {}, {}).size() == 4);
  CHECK(keys_in(*db, family::patterns, {}, {}).empty());
}

TEST_CASE("a scan ends when its visitor has seen enough") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());
  REQUIRE_FALSE(db->write(put_all(family::jobs, {"a", "b", "c"})));
  int seen = 0;

  const auto failed = db->scan(
    family::jobs, {}, {}, [&](std::string_view, std::string_view) { return ++seen < 2; });

  CHECK_FALSE(failed);
  CHECK(seen == 2);
}

TEST_CASE("erasing a range leaves its end, and what the same batch puts afterwards") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());
  REQUIRE_FALSE(db->write(put_all(family::jobs, {"a", "b", "c", "d"})));

  batch changes;
  changes.erase_range(family::jobs, "b", "d");
  changes.erase_range(family::jobs, "z", "a"); // nothing lies between
  changes.put(family::jobs, "c", "new");
  changes.erase(family::jobs, "a");
  REQUIRE_FALSE(db->write(std::move(changes)));

  CHECK(keys_in(*db, family::jobs, {}, {}) == std::vector<std::string>{"c", "d"});
  CHECK(db->get(family::jobs, "c") == std::string{"new"});
}

TEST_CASE("a snapshot keeps showing the moment it was taken") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());
  REQUIRE_FALSE(db->write(put_all(family::jobs, {"a"})));
  auto before = db->take_snapshot();

  batch changes = put_all(family::jobs, {"b"});
  changes.put(family::jobs, "a", "changed");
  REQUIRE_FALSE(db->write(std::move(changes)));

  CHECK(db->get(family::jobs, "a", before.get()) == std::string{"value of a"});
  CHECK_FALSE(db->get(family::jobs, "b", before.get()));
  CHECK(keys_in(*db, family::jobs, {}, {}, before.get()) ==
        std::vector<std::string>{"a"});
  CHECK(db->get(family::jobs, "a") == std::string{"changed"});
  before.reset();
  CHECK(keys_in(*db, family::jobs, {}, {}).size() == 2);
}

TEST_CASE("the last key of a family is found, or said to be missing") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());
  REQUIRE_FALSE(db->write(put_all(family::jobs, {"b", "a"})));

  CHECK(db->last_key(family::jobs) == std::string{"b"});
  CHECK(code_of(db->last_key(family::days).error()) == ec::not_found);
}

TEST_CASE("a store in use by another process is unavailable and left alone") {
  const scratch_directory scratch;
  peer_process owner{"write", scratch.store()};
  REQUIRE(owner.line() == "1");

  const auto second = database::open(scratch.options());

  REQUIRE_FALSE(second);
  CHECK(code_of(second.error()) == ec::unavailable);
  CHECK_THAT(describe(second.error()), Contains(scratch.store().string()));
  CHECK_THAT(describe(second.error()), Contains("in use by another process"));
  CHECK(owner.line() == "2");
  CHECK(std::distance(std::filesystem::directory_iterator{scratch.path()}, {}) == 1);
}

TEST_CASE("a checkpoint is a store of its own") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());
  REQUIRE_FALSE(db->write(put_all(family::jobs, {"a"})));

  REQUIRE_FALSE(db->checkpoint(scratch.path() / "copy"));
  REQUIRE_FALSE(db->write(put_all(family::jobs, {"b"})));

  auto options = scratch.options();
  options.directory = scratch.path() / "copy";
  const auto copy = must_open(options);
  CHECK(keys_in(*copy, family::jobs, {}, {}) == std::vector<std::string>{"a"});
}

TEST_CASE("the size of a family grows once its data leave the log") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());
  CHECK(db->size_of(family::events) == 0);
  batch changes;
  changes.put(family::events, "a", "b");
  REQUIRE_FALSE(db->write(std::move(changes)));

  REQUIRE_FALSE(db->checkpoint(scratch.path() / "copy")); // flushes

  CHECK(db->size_of(family::events) > 0);
  CHECK(db->size_of(family::jobs) == 0);
}

TEST_CASE("a store is read while it is open, and nothing of it is changed") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());
  batch changes;
  changes.put(family::jobs, "1", "job");
  REQUIRE_FALSE(db->write(std::move(changes)));
  const auto files = std::distance(fs::directory_iterator{scratch.store()}, {});

  const auto reader = database::open_to_read(scratch.options());

  REQUIRE(reader);
  CHECK((*reader)->get(family::jobs, "1") == std::string{"job"});
  batch refused;
  refused.put(family::jobs, "2", "job");
  CHECK_THAT(describe((*reader)->write(std::move(refused))),
             Contains("opened to read only"));
  CHECK(std::distance(fs::directory_iterator{scratch.store()}, {}) == files);
}

TEST_CASE("a store of another version or none at all can't be opened to read") {
  const scratch_directory scratch;
  const auto none = database::open_to_read(scratch.options());
  CHECK(code_of(none.error()) == ec::unavailable);
  CHECK_THAT(describe(none.error()), Contains(scratch.store().string()));
  CHECK_FALSE(fs::exists(scratch.store()));
  REQUIRE(database::open(scratch.options(), {}));

  const auto old = database::open_to_read(scratch.options());

  CHECK(code_of(old.error()) == ec::invalid_input);
  CHECK_THAT(describe(old.error()), Contains("its schema is 1, not 3"));
}
