#include "tools/habitd/schedule_routes.hpp"

#include "storage/records.hpp"
#include "tools/habitd/route_answers.hpp"

namespace habitd {

namespace {

namespace json = boost::json;

json::object entry_json(const schedule_entry& entry) {
  json::value last;
  if (entry.last_run != wall_time{})
    last = json::object{{"started", instant_json(entry.last_run)},
                        {"trigger", entry.last_trigger},
                        {"outcome", outcome_word(entry.last_outcome)}};
  return {
    {"name", entry.name},
    {"expression", entry.expression},
    {"running", entry.running},
    {"last", std::move(last)},
    {"next", instant_json(entry.next_run)},
    {"waiting_for",
     entry.waiting_for.empty() ? json::value{} : json::value(entry.waiting_for)},
  };
}

http_response status_response(const schedule_status& status) {
  json::array jobs;
  for (const auto& entry : status.jobs)
    jobs.push_back(entry_json(entry));
  return ok(
    {{"clock_trusted", status.clock_doubt.empty()},
     {"clock_problem",
      status.clock_doubt.empty() ? json::value{} : json::value(status.clock_doubt)},
     {"items", std::move(jobs)}});
}

http_handler list(caf::actor_system& system, const scheduler_actor& scheduler) {
  return [&system, scheduler](const http_request&, const respond& answer) {
    ask_actor<schedule_status>(system, scheduler, list_schedule{}, answer,
                               status_response);
  };
}

http_handler run(caf::actor_system& system, const scheduler_actor& scheduler) {
  return [&system, scheduler](const http_request& request, const respond& answer) {
    const trigger_job message{request.path_parameters.at("name"), "http"};
    ask_actor<schedule_entry>(
      system, scheduler, message, answer,
      [](const schedule_entry& begun) { return ok(entry_json(begun), 202); });
  };
}

} // namespace

std::vector<route> schedule_routes(caf::actor_system& system,
                                   const scheduler_actor& scheduler) {
  return {
    {"GET", "/api/v1/schedule", scope::read, list(system, scheduler)},
    {"POST", "/api/v1/schedule/{name}/run", scope::run, run(system, scheduler)},
  };
}

} // namespace habitd
