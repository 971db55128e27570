// Jobs that a crash or a stop cut off.

#include "tests/actors/job/job_fixture.hpp"

namespace habitd {
namespace {

using namespace std::chrono_literals;

TEST_CASE_METHOD(job_fixture,
                 "a job that a crash cut off is gone on with, where it was") {
  int made = 0;
  options.new_correlation = [&made] { return "run " + std::to_string(++made); };
  begin_anew(caf::exit_reason::user_shutdown);
  shop->hangs = true;
  tell(carrier, start_job{"test"});
  REQUIRE_FALSE(shop->unanswered.at(0).bookmark("half of it"));

  shop->hangs = false;
  begin_anew(caf::exit_reason::kill);

  REQUIRE(jobs().size() == 2);
  const auto cut_off = jobs()[0];
  CHECK(cut_off.outcome == job_outcome::interrupted);
  CHECK_FALSE(cut_off.stopped);
  CHECK(shop->crashed == std::vector{cut_off.id});
  CHECK(last().outcome == job_outcome::ok);
  CHECK(last().trigger == "resume");
  CHECK(last().resumes == cut_off.id);
  CHECK(last().correlation == "run 1");
  CHECK(shop->seen_bookmark == "half of it");
  CHECK(shop->cut.size() == 5); // "cut" is kept, and was done
  CHECK(last().phases.size() == 2);
}

TEST_CASE_METHOD(job_fixture,
                 "a stop is no crash, and gone on with as often as it comes") {
  options.resume = true;
  begin_anew(caf::exit_reason::user_shutdown);
  shop->hangs = true;
  tell(carrier, start_job{"test"});

  for (int stop = 0; stop < 5; ++stop)
    begin_anew(caf::exit_reason::user_shutdown);

  CHECK(jobs().size() == 6);
  CHECK(jobs()[4].stopped);
  CHECK(shop->crashed.empty());
  CHECK(status().running);
}

TEST_CASE_METHOD(job_fixture,
                 "after three crashes in a row only somebody else begins it") {
  shop->hangs = true;
  tell(carrier, start_job{"test"});

  for (int crash = 0; crash < 4; ++crash)
    begin_anew(caf::exit_reason::kill);

  CHECK(jobs().size() == 3);
  CHECK(last().outcome == job_outcome::interrupted);
  CHECK_FALSE(status().running);
  CHECK(ask<std::string>(carrier, start_job{"test"}));
}

TEST_CASE_METHOD(job_fixture, "jobs of other kinds are nobody's to close or resume") {
  job_record other;
  other.id = "20200101T000000000";
  other.kind = "chores";
  batch changes;
  store->jobs.put(changes, other.id, to_json(other));
  REQUIRE_FALSE(store->db->write(std::move(changes)));

  begin_anew(caf::exit_reason::kill);

  CHECK(jobs().size() == 1);
  CHECK(last().outcome == job_outcome::running);
}

} // namespace
} // namespace habitd
