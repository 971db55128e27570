// Checked against all jobs at once: however jobs overlap and whenever one looks, each end of a
// job is seen exactly once.

#include "actors/alerts/job_alerts.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <random>

namespace habitd {
namespace {

TEST_CASE("each end of a job is seen once, whatever overlaps") {
  for (unsigned seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    std::mt19937 random{seed};
    std::map<std::string, job_record> jobs; // by id
    std::map<std::string, int> seen; // by kind: each job here has a kind of its own
    job_cursor cursor;
    for (int step = 0; step < 60; ++step) {
      if (random() % 2 == 0) {
        job_record job;
        job.id = job.kind = fmt::format("{:04}", jobs.size());
        jobs[job.id] = job;
      }
      for (auto& [id, job] : jobs)
        if (job.outcome == job_outcome::running && (random() % 5 == 0 || step == 59))
          job.outcome = random() % 2 ? job_outcome::ok : job_outcome::failed;
      if (random() % 3 != 0 && step != 59)
        continue;
      std::vector<job_record> after;
      for (auto job = jobs.upper_bound(cursor.up_to); job != jobs.end(); ++job)
        after.push_back(job->second);
      const auto ended = ended_since(cursor, after);
      for (const auto& [kind, job] : ended.last_by_kind)
        ++seen[kind];
      cursor = job_cursor_from(to_text(ended.cursor));
      CHECK(cursor == ended.cursor);
    }

    CHECK(seen.size() == jobs.size());
    for (const auto& [kind, times] : seen)
      CHECK(times == 1);
    CHECK(cursor.beyond.empty());
  }
}

TEST_CASE("a job that somebody cancelled, or a stop cut off, is no reason for an alert") {
  job_record good, cancelled, cut_off;
  good.id = "1";
  good.outcome = job_outcome::ok;
  cancelled.id = "2";
  cancelled.outcome = job_outcome::cancelled;
  cut_off.id = "3";
  cut_off.outcome = job_outcome::interrupted;

  const auto ended = ended_since({}, {good, cancelled, cut_off});

  CHECK(ended.last_by_kind.at("analysis").id == "1");
  CHECK(ended.cursor.up_to == "3");
}

} // namespace
} // namespace habitd
