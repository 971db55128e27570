#include "storage/record_store.hpp"
#include "storage/records.hpp"
#include "storage/schedule_store.hpp"
#include "tests/storage/scratch_directory.hpp"

namespace habitd {
namespace {

std::vector<std::string>
keys_of(const expected<std::vector<std::pair<std::string, std::string>>>& records) {
  REQUIRE(records);
  std::vector<std::string> keys;
  for (const auto& [key, text] : *records)
    keys.push_back(key);
  return keys;
}

TEST_CASE("a job record comes back from its JSON, cancelled or resumed") {
  job_record job;
  job.id = "20261122T030000123";
  job.correlation = "8f0e6a52-1d2c-4b3a-9c4d-5e6f70819203";
  job.resumes = "20261122T025900000";
  job.cancel_requested = true;
  job.stopped = true;
  job.outcome = job_outcome::cancelled;

  const auto read = job_from_json(to_json(job));

  REQUIRE(read);
  CHECK(read->correlation == job.correlation);
  CHECK(read->resumes == job.resumes);
  CHECK(read->cancel_requested);
  CHECK(read->stopped);
  CHECK(read->outcome == job_outcome::cancelled);
}

TEST_CASE("a job record of an older version is read without a correlation") {
  const auto read = job_from_json(R"({"id":"1","outcome":"ok","trigger":"cli"})");

  REQUIRE(read);
  CHECK(read->outcome == job_outcome::ok);
  CHECK(read->correlation.empty());
  CHECK(read->resumes.empty());
  CHECK_FALSE(read->cancel_requested);
}

TEST_CASE("the schedule remembers that its last run was cancelled") {
  scratch_directory scratch;
  const auto db = must_open(scratch.options());
  schedule_store schedule{*db};
  schedule_record record;
  record.last_outcome = job_outcome::cancelled;

  REQUIRE_FALSE(schedule.save("analysis", record));

  const auto loaded = schedule.load("analysis");
  REQUIRE(loaded);
  CHECK(loaded->last_outcome == job_outcome::cancelled);
}

TEST_CASE("records are listed from the latest back, page by page") {
  scratch_directory scratch;
  const auto db = must_open(scratch.options());
  record_store jobs{*db, family::jobs};
  batch changes;
  for (const auto* id : {"1", "2", "3", "4", "5"})
    jobs.put(changes, id, "{}");
  REQUIRE_FALSE(db->write(std::move(changes)));
  using keys = std::vector<std::string>;

  CHECK(keys_of(jobs.list_latest()) == keys{"5", "4", "3", "2", "1"});
  CHECK(keys_of(jobs.list_latest({}, 2)) == keys{"5", "4"});
  CHECK(keys_of(jobs.list_latest("4", 2)) == keys{"3", "2"});
  CHECK(keys_of(jobs.list_latest("2", 2)) == keys{"1"});
  CHECK(keys_of(jobs.list_latest("1", 2)).empty());
  CHECK(keys_of(jobs.list_latest({}, 0)).empty());
}

} // namespace
} // namespace habitd

TEST_CASE("a word that only a newer habitd knows is not taken for another") {
  job_record record;
  record.id = "20261122T030000123";
  record.outcome = job_outcome::ok;
  auto text = to_json(record);
  const std::string known = "\"outcome\":\"ok\"";
  text.replace(text.find(known), known.size(), "\"outcome\":\"postponed\"");

  const auto read = job_from_json(text);

  REQUIRE_FALSE(read); // "running" would be resumed
  CHECK(code_of(read.error()) == ec::corrupt_data);
}
