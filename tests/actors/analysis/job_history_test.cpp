// What is kept of jobs: their correlation, what they go on with, and for how long.

#include "actors/job/job_history.hpp"
#include "storage/job_ids.hpp"
#include "storage/records.hpp"
#include "tests/actors/analysis/analysis_fixture.hpp"

namespace habitd {
namespace {

using namespace std::chrono_literals;

void put_job(analysis_fixture& home, const std::string& id, job_outcome outcome) {
  job_record job;
  job.id = id;
  job.outcome = outcome;
  batch changes;
  home.store->jobs.put(changes, id, to_json(job));
  REQUIRE_FALSE(home.store->db->write(std::move(changes)));
}

std::vector<std::string> ids_of(const analysis_fixture& home) {
  std::vector<std::string> ids;
  for (const auto& job : home.jobs())
    ids.push_back(job.id);
  return ids;
}

TEST_CASE("each job has a correlation of its own, and one that is resumed keeps it") {
  analysis_fixture home;
  const auto first = home.analyze({});
  home.fail_reads = 1;
  home.clock->time += 1h;
  const auto cut_off = home.ask<std::string>(home.analyst, start_job{"test"});
  REQUIRE(cut_off);

  home.restart();

  const auto jobs = home.jobs();
  REQUIRE(jobs.size() == 3);
  CHECK(first.correlation == "run 1");
  CHECK(first.resumes.empty());
  CHECK(jobs[1].outcome == job_outcome::interrupted);
  CHECK(jobs[1].correlation == "run 2");
  CHECK(jobs[2].outcome == job_outcome::ok);
  CHECK(jobs[2].trigger == "resume");
  CHECK(jobs[2].resumes == *cut_off);
  CHECK(jobs[2].correlation == "run 2");
}

TEST_CASE("a job that resumes one of an older version gets a correlation") {
  analysis_fixture home;
  put_job(home, "20200101T000000000", job_outcome::running);

  home.restart();

  const auto jobs = home.jobs();
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[1].resumes == "20200101T000000000");
  CHECK(jobs[1].correlation == "run 1");
}

TEST_CASE("records of jobs are dropped after a year, but for the last twenty") {
  analysis_fixture home;
  for (int day = 0; day < 30; ++day)
    put_job(home, job_id_at(home.clock->now() - 366 * 24h - day * 24h), job_outcome::ok);
  for (int day = 0; day < 5; ++day)
    put_job(home, job_id_at(home.clock->now() - 364 * 24h - day * 24h + 2h),
            job_outcome::ok);

  const auto job = home.analyze({});

  auto ids = ids_of(home);
  REQUIRE(ids.size() == 20);
  CHECK(ids.back() == job.id);
  CHECK(ids.front() == job_id_at(home.clock->now() - 1h - 379 * 24h));
}

TEST_CASE("a year of jobs is kept whole") {
  analysis_fixture home;
  for (int day = 1; day <= 364; ++day)
    put_job(home, job_id_at(home.clock->now() - day * 24h), job_outcome::ok);

  home.analyze({});

  CHECK(home.jobs().size() == 365);
}

TEST_CASE("the record of the running job stays, also if the clock was years behind") {
  analysis_fixture home;
  const auto running = job_id_at(home.clock->now());
  put_job(home, running, job_outcome::running);
  for (int day = 0; day < 30; ++day)
    put_job(home, job_id_at(home.clock->now() + 5 * 366 * 24h + day * 24h),
            job_outcome::ok);
  batch changes;

  REQUIRE_FALSE(
    drop_old_jobs(changes, *home.store, home.clock->now() + 9 * 366 * 24h, running));
  REQUIRE_FALSE(home.store->db->write(std::move(changes)));

  CHECK(ids_of(home).size() == 21);
  CHECK(ids_of(home).front() == running);
}

} // namespace
} // namespace habitd
