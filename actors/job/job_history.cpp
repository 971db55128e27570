#include "actors/job/job_history.hpp"

#include "storage/job_ids.hpp"
#include "storage/records.hpp"

#include <algorithm>

namespace habitd {

namespace {

constexpr std::size_t always_kept = 20;

} // namespace

expected<std::vector<job_record>> close_interrupted_jobs(home_store& store,
                                                         std::string_view kind,
                                                         wall_time now,
                                                         std::string_view running) {
  const auto jobs = store.jobs.list();
  if (!jobs)
    return jobs.error();
  batch changes;
  std::vector<job_record> closed;
  for (const auto& [id, text] : *jobs) {
    auto job = job_from_json(text);
    if (!job || job->kind != kind || job->outcome != job_outcome::running ||
        id == running)
      continue;
    job->outcome =
      job->cancel_requested ? job_outcome::cancelled : job_outcome::interrupted;
    job->finished = now;
    store.jobs.put(changes, id, to_json(*job));
    closed.push_back(std::move(*job));
  }
  if (!closed.empty())
    if (auto failed = store.db->write(std::move(changes)))
      return failed;
  return closed;
}

expected<std::vector<job_record>> interrupted_in_a_row(const home_store& store,
                                                       std::string_view kind) {
  std::vector<job_record> interrupted;
  const auto look = [&](std::string_view, std::string_view text) {
    auto job = job_from_json(text);
    if (job && job->kind != kind)
      return true;
    const bool was_interrupted = job && job->outcome == job_outcome::interrupted;
    if (was_interrupted)
      interrupted.push_back(std::move(*job));
    return was_interrupted;
  };
  if (auto failed = store.db->scan_back(family::jobs, {}, look))
    return failed;
  return interrupted;
}

error drop_old_jobs(batch& changes, home_store& store, wall_time before,
                    std::string_view running) {
  const auto oldest_kept = job_id_at(before);
  std::vector<std::string> old;
  std::size_t newer = 0;
  const auto failed =
    store.db->scan(family::jobs, {}, {}, [&](std::string_view id, std::string_view) {
      if (id < oldest_kept)
        old.emplace_back(id);
      else
        ++newer;
      return newer < always_kept;
    });
  if (failed)
    return failed;
  const auto spared = std::min(old.size(), always_kept - newer);
  old.resize(old.size() - spared);
  for (const auto& id : old)
    if (id != running)
      store.jobs.erase(changes, id);
  return {};
}

} // namespace habitd
