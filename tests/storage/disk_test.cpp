#include "tests/storage/peer_process.hpp"
#include "tests/storage/scratch_directory.hpp"
#include "tests/storage/small_disk.hpp"

#include <random>
#include <unistd.h>

using namespace habitd;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

struct store_on_small_disk {
  scratch_directory scratch;
  small_disk disk{scratch.path() / "disk", "size=16m"};
  storage_options options = scratch.options();

  store_on_small_disk() {
    options.directory = scratch.path() / "disk" / "store";
    options.sync = true;
  }
};

/// Doesn't get smaller when it is packed.
std::string random_text(std::size_t size) {
  std::mt19937 random{1};
  std::string text(size, ' ');
  for (auto& c : text)
    c = static_cast<char>(random());
  return text;
}

batch one(int number) {
  batch changes;
  changes.put(family::events, std::to_string(number), std::string(20'000, 'e'));
  changes.put(family::days, std::to_string(number), "day");
  return changes;
}

/// @param written  counts what was written.
error write_until_full(database& db, small_disk& disk, int& written) {
  error full;
  while (!full && written < 2000) { // a log or an old table may leave some space again
    disk.fill();
    full = db.write(one(written));
    written += full ? 0 : 1;
  }
  REQUIRE(full);
  return full;
}

} // namespace

TEST_CASE_METHOD(
  store_on_small_disk,
  "a full disk fails the write, keeps what was there, and is over once freed") {
  if (!disk.mounted())
    return;
  int written = 0;
  {
    const auto db = must_open(options);
    for (; written < 10; ++written)
      REQUIRE_FALSE(db->write(one(written)));

    const auto full = write_until_full(*db, disk, written);
    CHECK(code_of(full) == ec::unavailable);
    CHECK_THAT(describe(full), Contains("No space left"));
    CHECK_THAT(describe(full), Contains(options.directory.string()));
    CHECK(db->get(family::days, "0") == std::string{"day"});
    CHECK(db->get(family::days, std::to_string(written - 1)) == std::string{"day"});
    CHECK_FALSE(db->get(family::days, std::to_string(written)));
    CHECK_FALSE(db->get(family::events, std::to_string(written)));

    disk.free();
    CHECK_FALSE(db->write(one(written)));
    CHECK(db->get(family::days, std::to_string(written)) == std::string{"day"});
  }
  const auto again = must_open(options);
  CHECK(again->recovered_from().empty());
  for (int i = 0; i <= written; ++i)
    CHECK(again->get(family::days, std::to_string(i)) == std::string{"day"});
}

TEST_CASE_METHOD(
  store_on_small_disk,
  "a disk with too little space to open the store anew leaves it readable") {
  if (!disk.mounted())
    return;
  const auto db = must_open(options);
  for (const auto in : {family::events, family::days, family::entities, family::jobs}) {
    batch changes; // in the log, and not yet in a table
    changes.put(in, "large", random_text(700'000));
    REQUIRE_FALSE(db->write(std::move(changes)));
  }
  const auto before = db->take_snapshot();
  int written = 0;
  write_until_full(*db, disk, written);
  CHECK(db->trouble().empty()); // not opened anew yet: there was no use in it
  disk.free_all_but(1'500'000); // enough to try, too little for the tables

  const auto refused = db->write(one(written));

  CHECK(code_of(refused) == ec::unavailable);
  CHECK_THAT(describe(refused), Contains("No space left"));
  CHECK_THAT(db->trouble(), Contains("No space left"));
  CHECK(db->get(family::jobs, "large")->size() == 700'000);
  CHECK(code_of(db->get(family::jobs, "large", before.get()).error()) == ec::unavailable);
  disk.free();
  CHECK_FALSE(db->write(one(written)));
  CHECK(db->trouble().empty());
  CHECK(db->get(family::days, std::to_string(written)) == std::string{"day"});
  CHECK(db->get(family::events, "large")->size() == 700'000);
}

TEST_CASE_METHOD(
  store_on_small_disk,
  "a store that is damaged when its disk works again is closed until it is mended") {
  if (!disk.mounted())
    return;
  const auto db = must_open(options);
  int written = 0;
  write_until_full(*db, disk, written);
  const auto current = options.directory / "CURRENT";
  fs::copy_file(current, scratch.path() / "CURRENT");
  fs::remove(current);
  disk.free();

  CHECK(code_of(db->write(one(written))) == ec::unavailable);

  CHECK(db->is_closed());
  CHECK(code_of(db->get(family::days, "0").error()) == ec::unavailable);
  CHECK(code_of(db->last_key(family::days).error()) == ec::unavailable);
  CHECK(code_of(db->scan(family::days, {}, {}, [](auto, auto) { return true; })) ==
        ec::unavailable);
  CHECK(db->size_of(family::days) == 0);
  CHECK(db->take_snapshot());
  fs::copy_file(scratch.path() / "CURRENT", current);
  CHECK_FALSE(db->write(one(written)));
  CHECK_FALSE(db->is_closed());
  CHECK(db->get(family::days, "0") == std::string{"day"});
}

TEST_CASE_METHOD(store_on_small_disk,
                 "a store on a full disk is opened to read, until there is space") {
  if (!disk.mounted())
    return;
  REQUIRE_FALSE(must_open(options)->write(one(1)));
  disk.fill();

  const auto opened = database::open(options);

  REQUIRE(opened);
  const auto& db = **opened;
  CHECK(db.recovered_from().empty());
  CHECK_THAT(db.trouble(), Contains("No space left"));
  CHECK(db.get(family::days, "1") == std::string{"day"});
  CHECK(is_disk_full((*opened)->write(one(2))));
  disk.free();
  CHECK_FALSE((*opened)->write(one(2)));
  CHECK(db.trouble().empty());
  CHECK(db.get(family::days, "2") == std::string{"day"});
}

TEST_CASE_METHOD(store_on_small_disk,
                 "no store is begun on a full disk, and none is taken for damaged") {
  if (!disk.mounted())
    return;
  disk.fill();

  const auto full = database::open(options);

  REQUIRE_FALSE(full);
  CHECK(code_of(full.error()) == ec::unavailable);
  CHECK_THAT(describe(full.error()), Contains("No space left"));
  disk.free();
  CHECK(must_open(options)->recovered_from().empty());
}

TEST_CASE_METHOD(store_on_small_disk,
                 "a disk that is read-only makes the store unavailable") {
  if (!disk.mounted())
    return;
  must_open(options);
  disk.make_read_only();

  const auto refused = database::open(options);

  REQUIRE_FALSE(refused);
  CHECK(code_of(refused.error()) == ec::unavailable);
  CHECK_THAT(describe(refused.error()), Contains("Read-only file system"));
}

TEST_CASE("a store of somebody else is unavailable, with path and reason") {
  if (getuid() != 0) {
    WARN("skipped: only root can become somebody else");
    return;
  }
  const scratch_directory scratch;
  must_open(scratch.options());
  fs::permissions(scratch.path(), fs::perms{0755});
  peer_process stranger{"open-as-nobody", scratch.store()};

  const auto answer = stranger.line();

  CHECK_THAT(answer, Contains("unavailable: open " + scratch.store().string()));
  CHECK_THAT(answer, Contains("Permission denied"));
  CHECK(std::distance(fs::directory_iterator{scratch.path()}, {}) == 1);
}

TEST_CASE("a path that can't be a directory is unavailable, with path and reason") {
  const scratch_directory scratch;
  std::ofstream{scratch.store()} << "a file";

  const auto refused = database::open(scratch.options());

  REQUIRE_FALSE(refused);
  CHECK(code_of(refused.error()) == ec::unavailable);
  CHECK_THAT(describe(refused.error()), Contains("create " + scratch.store().string()));
}
