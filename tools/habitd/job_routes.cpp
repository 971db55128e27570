#include "tools/habitd/job_routes.hpp"

#include "http/page.hpp"
#include "storage/records.hpp"
#include "tools/habitd/record_routes.hpp"
#include "tools/habitd/route_answers.hpp"

#include <caf/event_based_actor.hpp>

namespace habitd {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto answers_within = 2s; // each

http_response begun_response(const std::string& job) {
  auto response = ok({{"job", job}}, 202);
  response.headers.emplace_back("Location", "/api/v1/jobs/" + job);
  return response;
}

/// Begins an analysis through the scheduler. That one can't know the id of the job, so the
/// analysis is asked before and after.
struct begin_analysis {
  caf::event_based_actor* self;
  job_carrier_actor analysis;
  scheduler_actor scheduler;
  respond answer;

  void begin() const {
    if (!scheduler)
      return begin_alone();
    self->request(analysis, answers_within, get_job_status{})
      .then(
        [*this](const job_status& before) {
          if (before.running)
            return answer(problem(409, "analysis " + before.job->id + " is running"));
          trigger(before.job ? before.job->id : std::string{});
        },
        failed());
  }

private:
  void trigger(const std::string& last) const {
    self->request(scheduler, answers_within, trigger_job{"analysis", "http"})
      .then([*this, last](const schedule_entry&) { tell_which(last); },
            [*this](const error& reason) {
              if (code_of(reason) == ec::unavailable) // nothing is scheduled anyway
                return begin_alone();
              answer(to_problem(reason));
            });
  }

  void tell_which(const std::string& last) const {
    self->request(analysis, answers_within, get_job_status{})
      .then(
        [*this, last](const job_status& now) {
          if (now.job && now.job->id != last &&
              (now.running || now.job->outcome != job_outcome::running))
            return answer(begun_response(now.job->id));
          answer(problem(503, "the analysis could not begin yet; it is tried again"));
        },
        failed());
  }

  void begin_alone() const {
    self->request(analysis, answers_within, start_job{"http"})
      .then([*this](const std::string& job) { answer(begun_response(job)); }, failed());
  }

  std::function<void(const error&)> failed() const {
    return [answer = answer](const error& reason) { answer(to_problem(reason)); };
  }
};

http_handler trigger_analysis(caf::actor_system& system,
                              const job_carrier_actor& analysis,
                              const scheduler_actor& scheduler) {
  return [&system, analysis, scheduler](const http_request&, const respond& answer) {
    system.spawn([=](caf::event_based_actor* self) {
      begin_analysis{self, analysis, scheduler, answer}.begin();
    });
  };
}

/// A page of jobs: the latest first, or by `order=oldest` the other way round.
http_handler list_jobs(const record_store& jobs) {
  return [&jobs](const http_request& request, const respond& answer) {
    const auto part = parse_page(request.query);
    if (!part)
      return answer(to_problem(part.error()));
    const auto order = request.query.find("order");
    const bool oldest = order != request.query.end() && order->second == "oldest";
    if (order != request.query.end() && !oldest && order->second != "newest")
      return answer(problem(400, "order takes newest or oldest"));
    answer(records_response(oldest ? jobs.list(part->after, part->limit + 1)
                                   : jobs.list_latest(part->after, part->limit + 1),
                            part->limit));
  };
}

http_handler cancel(caf::actor_system& system, const job_carrier_actor& analysis) {
  return [&system, analysis](const http_request& request, const respond& answer) {
    const auto& id = request.path_parameters.at("id");
    ask_actor<cancel_answer>(
      system, analysis, cancel_job{id}, answer, [id](const cancel_answer& how) {
        if (how.outcome == job_outcome::running)
          return ok({{"job", id}}, 202);
        return problem(409, "job " + id + " does not run: it ended " +
                              std::string{outcome_word(how.outcome)});
      });
  };
}

} // namespace

std::vector<route> job_routes(caf::actor_system& system,
                              const std::shared_ptr<home_store>& store,
                              const job_carrier_actor& analysis,
                              const scheduler_actor& scheduler) {
  return {
    {"POST", "/api/analyze/trigger", scope::run,
     trigger_analysis(system, analysis, scheduler)},
    {"GET", "/api/v1/jobs", scope::read, list_jobs(store->jobs)},
    {"GET", "/api/v1/jobs/{id}", scope::read, one_record(store->jobs, "job")},
    {"POST", "/api/v1/jobs/{id}/cancel", scope::run, cancel(system, analysis)},
  };
}

} // namespace habitd
