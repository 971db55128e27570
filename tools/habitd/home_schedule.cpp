#include "tools/habitd/home_schedule.hpp"

#include "storage/records.hpp"
#include "storage/schedule_store.hpp"

#include <fmt/format.h>

#include <random>

namespace habitd {

namespace {

constexpr const char* timesync_directory = "/run/systemd/timesync";

std::string random_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

/// The latest job of a kind that was begun at `since` or later.
expected<std::optional<job_outcome>>
latest_job(const home_store& store, const std::string& kind, wall_time since) {
  const auto jobs = store.jobs.list();
  if (!jobs)
    return jobs.error();
  std::optional<job_record> latest;
  for (const auto& [id, text] : *jobs) {
    const auto job = job_from_json(text);
    if (job && job->kind == kind && job->started >= since &&
        (!latest || latest->started <= job->started))
      latest = *job;
  }
  return latest ? std::optional{latest->outcome} : std::nullopt;
}

} // namespace

clock_check doubt_of_clock() {
  return [](wall_time now) { return clock_doubt(now, timesync_directory); };
}

scheduled_job analysis_job(cron_expression when) {
  scheduled_job job;
  job.name = analysis_branch;
  job.when = std::move(when);
  job.group = "corpus";
  return job;
}

expected<scheduler_parts> home_schedule(const home_parts& home) {
  const auto& store = home.store;
  auto id = schedule_store{*store->db}.install_id(random_id);
  if (!id)
    return id.error();
  scheduler_parts parts;
  parts.calendar = home.calendar;
  parts.clock = home.clock;
  parts.doubt = doubt_of_clock();
  parts.install_id = std::move(*id);
  parts.load = [store](const std::string& job) {
    return schedule_store{*store->db}.load(job);
  };
  parts.save = [store](const std::string& job, const schedule_record& record) {
    return schedule_store{*store->db}.save(job, record);
  };
  parts.find_run = [store](const std::string& job, wall_time since) {
    return latest_job(*store, job, since);
  };
  return parts;
}

branch scheduler_row(scheduler_parts with, const std::vector<scheduled_job>& jobs,
                     restart_policy restarts) {
  std::vector<std::string> carriers;
  for (const auto& job : jobs)
    carriers.push_back(job.name);
  return supervised<scheduler_actor>(
    scheduler_branch, carriers, restarts,
    [with = std::move(with), jobs](parent_ptr parent, const branch_site& site) {
      auto parts = with;
      for (const auto& job : jobs)
        parts.jobs.push_back({job, site.get<job_actor>(job.name)});
      return parent->spawn(scheduler, std::move(parts));
    });
}

} // namespace habitd
