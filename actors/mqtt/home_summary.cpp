#include "actors/mqtt/home_summary.hpp"

#include "storage/json_time.hpp"
#include "storage/records.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace habitd {

namespace {

namespace json = boost::json;

constexpr std::size_t jobs_to_look_at = 50;
constexpr std::size_t most_problems = 5;

/// When the latest job of a kind ended that was not cut off.
wall_time last_end(const std::vector<job_record>& latest, std::string_view kind) {
  for (const auto& job : latest)
    if (job.kind == kind && job.outcome != job_outcome::running &&
        job.outcome != job_outcome::interrupted)
      return job.finished;
  return {};
}

} // namespace

expected<home_summary> read_summary(const home_store& store) {
  const auto stored_jobs = store.jobs.list_latest({}, jobs_to_look_at);
  const auto suggestions = store.suggestions.list();
  const auto alerts = store.alerts.all_active();
  if (!stored_jobs)
    return stored_jobs.error();
  if (!suggestions)
    return suggestions.error();
  if (!alerts)
    return alerts.error();
  std::vector<job_record> jobs;
  for (const auto& [id, text] : *stored_jobs)
    if (auto job = job_from_json(text))
      jobs.push_back(std::move(*job));
  home_summary summary;
  summary.last_analysis = last_end(jobs, "analysis");
  summary.last_refresh = last_end(jobs, "refresh");
  summary.pending_suggestions = suggestions->size();
  for (const auto& alert : *alerts)
    if (alert.level != severity::info && summary.problems.size() < most_problems)
      summary.problems.push_back(
        fmt::format("{} ({}): {}", alert.code, alert.subject, alert.text));
  return summary;
}

std::string to_json(const home_summary& summary) {
  return json::serialize(json::object{
    {"last_analysis", instant_json(summary.last_analysis)},
    {"last_refresh", instant_json(summary.last_refresh)},
    {"pending_suggestions", summary.pending_suggestions},
    {"corpus_size",
     summary.corpus_size ? json::value(*summary.corpus_size) : json::value{}},
    {"problem", !summary.problems.empty()},
    {"problems", json::value_from(summary.problems)},
    {"log_level", summary.log_level},
  });
}

} // namespace habitd
