#include "tests/storage/scratch_directory.hpp"

#include <vector>

using namespace habitd;
using Catch::Contains;

namespace {

error write_one(database& db, const char* key, const char* value) {
  batch changes;
  changes.put(family::meta, key, value);
  return db.write(std::move(changes));
}

/// A step that leaves "step 1" and so on behind.
migration note(const char* key, std::vector<std::string>& ran) {
  return [key, &ran](database&, batch& last) {
    ran.emplace_back(key);
    last.put(family::meta, key, "done");
    return error{};
  };
}

} // namespace

TEST_CASE("a new store is marked with the current schema version") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());

  CHECK(db->get(family::meta, "schema") ==
        std::to_string(current_migrations().size() + 1));
}

TEST_CASE("an older store goes through each step once, from where it stands") {
  const scratch_directory scratch;
  must_open(scratch.options());
  std::vector<std::string> ran;
  std::vector<migration> steps{note("step 1", ran)};
  REQUIRE(database::open(scratch.options(), steps));
  steps.push_back(note("step 2", ran));
  steps.push_back(note("step 3", ran));

  {
    const auto db = database::open(scratch.options(), steps);
    REQUIRE(db);
    CHECK((*db)->get(family::meta, "schema") == std::string{"4"});
    CHECK((*db)->get(family::meta, "step 3") == std::string{"done"});
  }
  REQUIRE(database::open(scratch.options(), steps));

  CHECK(ran == std::vector<std::string>{"step 1", "step 2", "step 3"});
}

TEST_CASE("a new store runs no steps") {
  const scratch_directory scratch;
  std::vector<std::string> ran;

  const auto db = database::open(scratch.options(), {note("step 1", ran)});

  REQUIRE(db);
  CHECK(ran.empty());
  CHECK((*db)->get(family::meta, "schema") == std::string{"2"});
}

TEST_CASE("a step that fails leaves the steps before it done and runs again next time") {
  const scratch_directory scratch;
  must_open(scratch.options());
  std::vector<std::string> ran;
  bool disk_is_full = true;
  const std::vector<migration> steps{note("step 1", ran), [&](database& db, batch& last) {
                                       last.put(family::meta, "staged", "yes");
                                       if (disk_is_full)
                                         return make_error(ec::unavailable, "no space");
                                       return write_one(db, "step 2", "done");
                                     }};

  const auto failed = database::open(scratch.options(), steps);

  REQUIRE_FALSE(failed);
  CHECK(describe(failed.error()) == "unavailable: no space");
  {
    const auto db = database::open(scratch.options(), {note("unused", ran)});
    REQUIRE(db); // at version 2, where the first step left it
    CHECK_FALSE((*db)->get(family::meta, "staged"));
  }
  disk_is_full = false;
  const auto db = database::open(scratch.options(), steps);
  REQUIRE(db);
  CHECK((*db)->get(family::meta, "staged") == std::string{"yes"});
  CHECK(ran == std::vector<std::string>{"step 1"});
}

TEST_CASE("a checkpoint from before the steps is kept, as it was at the first try") {
  const scratch_directory scratch;
  must_open(scratch.options());
  int tries = 0;
  const std::vector<migration> steps{[&](database& db, batch&) {
    CHECK_FALSE(write_one(db, "half way", "yes"));
    return ++tries == 1 ? make_error(ec::unavailable, "cut off") : error{};
  }};
  REQUIRE_FALSE(database::open(scratch.options(), steps));

  REQUIRE(database::open(scratch.options(), steps));

  auto options = scratch.options();
  options.directory = scratch.store().string() + ".before-schema-2";
  const auto copy = must_open(options);
  CHECK(copy->get(family::meta, "schema") == std::string{"1"});
  CHECK_FALSE(copy->get(family::meta, "half way"));
}

TEST_CASE("a store of a newer habitd is refused and left as it is") {
  const scratch_directory scratch;
  REQUIRE_FALSE(write_one(*must_open(scratch.options()), "schema", "7"));

  const auto refused = database::open(scratch.options());

  REQUIRE_FALSE(refused);
  CHECK(code_of(refused.error()) == ec::invalid_input);
  CHECK_THAT(describe(refused.error()),
             Contains("written by a newer habitd: schema 7, this one knows 1"));
  CHECK(std::distance(std::filesystem::directory_iterator{scratch.path()}, {}) == 1);
}

TEST_CASE(
  "a step that meets corrupt data ends the opening but keeps the store in place") {
  const scratch_directory scratch;
  must_open(scratch.options());

  const auto failed = database::open(scratch.options(), {[](database&, batch&) {
                                       return make_error(ec::corrupt_data, "record 7");
                                     }});

  REQUIRE_FALSE(failed);
  CHECK(describe(failed.error()) == "corrupt data: record 7");
  CHECK(must_open(scratch.options())->recovered_from().empty());
}
