#include "storage/job_ids.hpp"

#include "messages/time_text.hpp"
#include "storage/record_store.hpp"
#include "tests/storage/scratch_directory.hpp"

namespace habitd {
namespace {

/// Begins a job, and returns its id.
std::string begin_job(database& db, std::string_view now) {
  const auto id = next_job_id(db, *parse_utc(now));
  REQUIRE(id);
  batch changes;
  record_store{db, family::jobs}.put(changes, *id, "{}");
  REQUIRE_FALSE(db.write(std::move(changes)));
  return *id;
}

TEST_CASE("a job's id is the time at which it begins") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());

  CHECK(begin_job(*db, "2026-11-22T03:00:00.123Z") == "20261122T030000123");
  CHECK(begin_job(*db, "2026-11-23T03:00:00.000Z") == "20261123T030000000");
}

TEST_CASE("ids are given once and in order, whatever the clock does") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());

  CHECK(begin_job(*db, "2026-12-31T23:59:59.999Z") == "20261231T235959999");
  CHECK(begin_job(*db, "2026-12-31T23:59:59.999Z") == "20270101T000000000");
  CHECK(begin_job(*db, "1970-01-01T00:00:10.000Z") == "20270101T000000001");
  CHECK(begin_job(*db, "2027-01-01T00:00:00.002Z") == "20270101T000000002");
}

TEST_CASE("an id of another form is passed, too") {
  const scratch_directory scratch;
  const auto db = must_open(scratch.options());
  batch changes;
  record_store{*db, family::jobs}.put(changes, "2027-by-hand", "{}");
  REQUIRE_FALSE(db->write(std::move(changes)));

  CHECK(begin_job(*db, "2026-11-22T03:00:00.123Z") == "2027-by-hand0");
}

} // namespace
} // namespace habitd
