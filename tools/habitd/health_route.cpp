#include "tools/habitd/health_route.hpp"

#include "messages/analysis.hpp"
#include "tools/habitd/ended_jobs.hpp"
#include "tools/habitd/route_answers.hpp"
#include "tools/habitd/version.hpp"

#include <algorithm>
#include <array>

namespace habitd {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

json::object storage_health(const database& db) {
  json::object health{{"state", "ok"}};
  if (const auto trouble = db.trouble(); !trouble.empty())
    health = {{"state", "degraded"}, {"problem", "nothing can be written: " + trouble}};
  else if (const auto& moved = db.recovered_from(); !moved.empty())
    health = {
      {"state", "degraded"},
      {"problem",
       "the store was corrupt and begun anew; the old one is kept at " + moved.string()}};
  else if (db.lost_last_writes())
    health = {{"state", "degraded"},
              {"problem",
               "the end of the store's log was damaged; the last writes before "
               "this start are lost"}};
  return health;
}

json::object clock_health(const admin_sources& from) {
  const auto doubt = from.doubt ? from.doubt(from.clock->now()) : std::string{};
  if (doubt.empty())
    return {{"state", "ok"}};
  return {{"state", "degraded"},
          {"problem", "no scheduled job runs until the clock can be trusted: " + doubt}};
}

json::array branches_json(const std::vector<branch_health>& branches) {
  constexpr std::array words{"up", "restarting", "down"};
  json::array all;
  for (const auto& branch : branches) {
    json::object says{{"name", branch.name},
                      {"state", words.at(static_cast<std::size_t>(branch.state))},
                      {"since", format_utc(branch.since)},
                      {"restarts", branch.restarts}};
    if (!branch.last_error.empty())
      says["last_error"] = branch.last_error;
    all.push_back(std::move(says));
  }
  return all;
}

/// Empty if the analysis is well.
std::string analysis_problem(const home_store& store,
                             const expected<job_status>& status) {
  if (!status)
    return describe(status.error());
  if (!status->waits_for.empty())
    return "job " + status->job->id + " waits: " + status->waits_for;
  const auto job = last_ended_job(store, "analysis");
  if (!job)
    return describe(job.error());
  const bool went_badly = *job && ((*job)->outcome == job_outcome::failed ||
                                   (*job)->outcome == job_outcome::partial);
  return went_badly ? (*job)->problem : std::string{};
}

json::object analysis_health(const home_store& store,
                             const expected<job_status>& status) {
  const auto problem = analysis_problem(store, status);
  json::object health{{"state", problem.empty() ? "ok" : "degraded"},
                      {"running", status && status->running}};
  if (!problem.empty())
    health["problem"] = problem;
  return health;
}

http_response health_of(const admin_sources& from, const expected<job_status>& status) {
  json::object components{{"analysis", analysis_health(*from.store, status)},
                          {"clock", clock_health(from)},
                          {"storage", storage_health(*from.store->db)}};
  const auto branches = from.board->list();
  const bool all_up =
    std::all_of(branches.begin(), branches.end(), [](const branch_health& branch) {
      return branch.state == branch_state::up;
    });
  const bool all_ok =
    std::all_of(components.begin(), components.end(), [](const auto& component) {
      return component.value().at("state") == "ok";
    });
  return ok(json::object{{"status", all_ok && all_up ? "ok" : "degraded"},
                         {"version", version},
                         {"started", format_utc(from.started)},
                         {"components", std::move(components)},
                         {"branches", branches_json(branches)}});
}

} // namespace

http_handler health_handler(const admin_sources& from) {
  return [from](const http_request&, const respond& answer) {
    from.system->spawn([=](caf::event_based_actor* self) {
      self->request(from.analysis, 2s, get_job_status{})
        .then([=](const job_status& now) { answer(health_of(from, now)); },
              [=](const error& reason) { answer(health_of(from, reason)); });
    });
  };
}

} // namespace habitd
