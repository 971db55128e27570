#include "storage/aggregate_store.hpp"
#include "storage/day_book.hpp"
#include "storage/keys.hpp"
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

/// As the first version of all left it.
void make_version_1(const scratch_directory& scratch) {
  REQUIRE(database::open(scratch.options(), {}));
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
  make_version_1(scratch);
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
  make_version_1(scratch);
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
  make_version_1(scratch);
  int tries = 0;
  const std::vector<migration> steps{[&](database& db, batch&) {
    CHECK_FALSE(write_one(db, "half way", "yes"));
    return ++tries == 1 ? make_error(ec::unavailable, "cut off") : error{};
  }};
  REQUIRE_FALSE(database::open(scratch.options(), steps));

  REQUIRE(database::open(scratch.options(), steps));

  auto options = scratch.options();
  options.directory = scratch.store().string() + ".before-schema-2";
  const auto opened = database::open(options, {});
  REQUIRE(opened);
  const auto& copy = *opened;
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
             Contains("written by a newer habitd: schema 7, this one knows 3"));
  CHECK(std::distance(std::filesystem::directory_iterator{scratch.path()}, {}) == 1);
}

TEST_CASE(
  "a step that meets corrupt data ends the opening but keeps the store in place") {
  const scratch_directory scratch;
  make_version_1(scratch);

  const auto failed = database::open(scratch.options(), {[](database&, batch&) {
                                       return make_error(ec::corrupt_data, "record 7");
                                     }});

  REQUIRE_FALSE(failed);
  CHECK(describe(failed.error()) == "corrupt data: record 7");
  CHECK(must_open(scratch.options())->recovered_from().empty());
}

TEST_CASE("version 2 has the daily aggregates of version 1, by day") {
  const scratch_directory scratch;
  constexpr int days = 40;
  const std::string large(50'000, 'x'); // more than is moved at a time
  {
    const auto old = database::open(scratch.options(), {});
    REQUIRE(old);
    for (const char detector : {'\x01', '\x02'})
      for (int day = 0; day < days; ++day) {
        std::string key{detector};
        append_day(key, {20'000 + day});
        append_big_endian(key, std::uint32_t{7});
        batch changes;
        changes.put(family::aggregates_daily, key,
                    large + std::to_string(day) + detector);
        REQUIRE_FALSE((*old)->write(std::move(changes)));
      }
  }

  const auto db = must_open(scratch.options());

  const aggregate_store store{*db};
  for (int day = 0; day < days; ++day) {
    CHECK(store.get(detector_id::time_of_day, local_day{20'000 + day}, 7) ==
          large + std::to_string(day) + '\x01');
    CHECK(store.get(detector_id::co_occurrence, local_day{20'000 + day}, 7) ==
          large + std::to_string(day) + '\x02');
  }
  int entries = 0;
  REQUIRE_FALSE(db->scan(family::aggregates_daily, {}, {}, [&](auto, auto) {
    ++entries;
    return true;
  }));
  CHECK(entries == 2 * days);
}

namespace {

/// An open day with rows, as version 2 wrote it.
void put_open_day(batch& changes, local_day day) {
  const std::string_view record{"\1\3\0\xa0\2\0\x60\0\0\0\0\0\0\0\0\0\0", 17};
  changes.put(family::days, day_key(day), std::string{record});
}

constexpr local_day today{20'500};
constexpr local_day ahead{today.number + 91};

/// A store of version 2, with a cursor and an anchor.
void make_version_2(const scratch_directory& scratch, std::vector<local_day> days) {
  const auto db = database::open(scratch.options(), {current_migrations().front()});
  REQUIRE(db);
  batch changes;
  for (const auto day : days)
    put_open_day(changes, day);
  changes.put(family::meta, "anchor", day_key(today - 100));
  changes.put(family::meta, "cursor:/home.db", "state_id 1");
  REQUIRE_FALSE((*db)->write(std::move(changes)));
}

std::unique_ptr<database> open_today(const scratch_directory& scratch) {
  auto options = scratch.options();
  options.opened_at = wall_time{std::chrono::days{today.number}};
  return must_open(options);
}

} // namespace

TEST_CASE("where version 2 had dropped days, version 3 takes no rows of them any more") {
  const scratch_directory scratch;
  make_version_2(scratch, {today - 90, today});

  const auto db = open_today(scratch);

  CHECK(*day_book{*db}.forgotten_before() == today - 90);
  CHECK(db->get(family::meta, "cursor:/home.db"));
  CHECK(day_book{*db}.get(today)->epoch == 1);
}

TEST_CASE(
  "a store whose days were dropped for a row dated ahead reads its source again") {
  const scratch_directory scratch;
  make_version_2(scratch, {today, ahead});

  const auto db = open_today(scratch);

  CHECK_FALSE(*day_book{*db}.forgotten_before());
  CHECK_FALSE(db->get(family::meta, "cursor:/home.db"));
  CHECK(day_book{*db}.get(ahead)); // its rows wait for it
}

TEST_CASE("a day's record that can't be read is left out of version 3") {
  const scratch_directory scratch;
  make_version_2(scratch, {today});
  {
    const auto db = database::open(scratch.options(), {current_migrations().front()});
    batch changes;
    changes.put(family::days, day_key(today - 1), "damaged");
    REQUIRE_FALSE((*db)->write(std::move(changes)));
  }

  const auto db = open_today(scratch);

  CHECK(day_book{*db}.all()->size() == 1);
}
