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

expected<scheduler_parts> home_schedule(const std::shared_ptr<home_store>& store,
                                        std::shared_ptr<const home_calendar> calendar,
                                        std::shared_ptr<const wall_clock> clock,
                                        const cron_expression& analysis_schedule,
                                        const job_carrier_actor& analysis) {
  auto id = schedule_store{*store->db}.install_id(random_id);
  if (!id)
    return id.error();
  scheduler_parts parts;
  scheduled_job analyse;
  analyse.name = "analysis"; // the kind of its job records
  analyse.when = analysis_schedule;
  analyse.group = "corpus";
  parts.jobs.push_back({analyse, analysis});
  parts.calendar = std::move(calendar);
  parts.clock = std::move(clock);
  parts.doubt = [](wall_time now) { return clock_doubt(now, timesync_directory); };
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

} // namespace habitd
