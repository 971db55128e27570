#include "tools/habitd/ended_jobs.hpp"

#include "storage/records.hpp"

namespace habitd {

expected<std::optional<job_record>> last_ended_job(const home_store& store,
                                                   std::string_view kind) {
  std::optional<job_record> ended;
  std::string gone_on_with; // by the job that runs
  const auto look = [&](std::string_view, std::string_view text) {
    auto job = job_from_json(text);
    if (!job || job->kind != kind)
      return true;
    const bool goes_on = job->id == gone_on_with;
    if (goes_on || job->outcome == job_outcome::running) {
      gone_on_with = job->resumes;
      return true;
    }
    ended = std::move(*job);
    return false;
  };
  if (auto failed = store.db->scan_back(family::jobs, {}, look))
    return failed;
  return ended;
}

} // namespace habitd
