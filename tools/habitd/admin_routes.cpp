#include "tools/habitd/admin_routes.hpp"

#include "http/metrics.hpp"
#include "messages/analysis.hpp"
#include "storage/records.hpp"
#include "tools/habitd/ended_jobs.hpp"
#include "tools/habitd/health_route.hpp"
#include "tools/habitd/outbox_routes.hpp"
#include "tools/habitd/record_routes.hpp"
#include "tools/habitd/route_answers.hpp"
#include "tools/habitd/version.hpp"

#include <fstream>

namespace habitd {

namespace {

namespace json = boost::json;

/// `is_running` and `last_run` are what clients of the service before this one read.
json::object status_json(const home_store& store, const job_status& status) {
  const auto last = last_ended_job(store, "analysis");
  json::object body{
    {"running", status.running},
    {"is_running", status.running},
    {"last_run", last && *last ? instant_json((*last)->finished) : json::value{}}};
  if (status.running) {
    body["phase"] = status.phase;
    body["progress"] = status.progress;
  }
  body["job"] = status.job ? json::parse(to_json(*status.job)) : json::value{};
  return body;
}

http_handler analysis_state_handler(const admin_sources& from) {
  return [from](const http_request&, const respond& answer) {
    ask_actor<job_status>(
      *from.system, from.analysis, get_job_status{}, answer,
      [](const job_status& status) { return ok(json::serialize(status_json(status))); });
  };
}

/// Resident memory of this process, in bytes; 0 if the kernel does not say.
std::uint64_t resident_bytes() {
  std::ifstream statm{"/proc/self/statm"};
  std::uint64_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident * 4096;
}

/// What somebody cancelled has no problem.
bool is_well(job_outcome outcome) {
  return outcome == job_outcome::ok || outcome == job_outcome::cancelled;
}

metric gauge(const char* name, const char* help, double value) {
  return {name, help, metric_kind::gauge, {{{}, value}}, {}};
}

http_handler metrics(const admin_sources& from) {
  return [from](const http_request&, const respond& answer) {
    const auto& store = *from.store;
    std::vector<metric> all;
    all.push_back(gauge("habitd_resident_memory_bytes", "Resident memory.",
                        static_cast<double>(resident_bytes())));
    all.push_back(gauge("habitd_entities", "Entities ever seen.",
                        static_cast<double>(store.entities->size())));
    metric sizes{"habitd_storage_bytes",
                 "Bytes on disk by column family.",
                 metric_kind::gauge,
                 {},
                 {}};
    for (std::size_t i = 0; i < family_count; ++i)
      sizes.values.push_back(
        {{{"family", family_names[i]}},
         static_cast<double>(store.db->size_of(static_cast<family>(i)))});
    all.push_back(std::move(sizes));
    metric restarts{"habitd_restarts_total",
                    "Restarts of a supervised actor since the process began.",
                    metric_kind::counter,
                    {},
                    {}};
    metric up{"habitd_up", "1 if a supervised actor is up.", metric_kind::gauge, {}, {}};
    for (const auto& branch : from.board->list()) {
      const metric_labels labels{{"branch", branch.name}};
      restarts.values.push_back({labels, static_cast<double>(branch.restarts)});
      up.values.push_back({labels, branch.state == branch_state::up ? 1.0 : 0.0});
    }
    all.push_back(std::move(restarts));
    all.push_back(std::move(up));
    if (const auto last = last_ended_job(store, "analysis"); last && *last) {
      const auto* job = &**last;
      const auto seconds =
        static_cast<double>((job->finished - job->started).count()) / 1000;
      all.push_back(gauge("habitd_analysis_ok", "1 if the last analysis had no problem.",
                          is_well(job->outcome) ? 1 : 0));
      all.push_back(gauge("habitd_analysis_duration_seconds",
                          "Duration of the last finished analysis.",
                          seconds));
      all.push_back(gauge("habitd_patterns", "Patterns found by the last analysis.",
                          static_cast<double>(count_of(*job, analysis_count::patterns))));
      all.push_back(
        gauge("habitd_suggestions", "Suggestions of the last analysis.",
              static_cast<double>(count_of(*job, analysis_count::suggestions))));
    }
    add_outbox_metrics(all, store);
    auto response = ok(render_metrics(all));
    response.content_type = metrics_content_type;
    answer(std::move(response));
  };
}

} // namespace

std::vector<route> admin_routes(const admin_sources& from) {
  const auto& store = *from.store;
  return {
    {"GET", "/health", scope::none, health_handler(from)},
    {"GET", "/metrics", scope::read, metrics(from)},
    {"GET", "/api/analyze/status", scope::read, analysis_state_handler(from)},
    {"GET", "/api/v1/patterns", scope::read, list_records(store.patterns)},
    {"GET", "/api/v1/patterns/{id}", scope::read, one_record(store.patterns, "pattern")},
    {"GET", "/api/v1/suggestions", scope::read, list_records(store.suggestions)},
    {"GET", "/api/v1/suggestions/{id}", scope::read,
     one_record(store.suggestions, "suggestion")},
  };
}

} // namespace habitd
