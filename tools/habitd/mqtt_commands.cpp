#include "tools/habitd/mqtt_commands.hpp"

#include "actors/runtime/failure_handlers.hpp"
#include "storage/records.hpp"

#include <caf/event_based_actor.hpp>

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr auto mqtt_answers_within = 5s; // each

using tell = std::function<void(command_answer)>;

/// Begins an analysis through the scheduler, says which, and later how it ended. The scheduler
/// can't know the id of the job, so the analysis is asked before and after.
struct analysis_by_mqtt {
  caf::event_based_actor* self;
  job_carrier_actor analysis;
  scheduler_actor scheduler;
  tell answer;

  void begin() const {
    self->request(analysis, mqtt_answers_within, get_job_status{})
      .then(
        [*this](const job_status& before) {
          if (before.running)
            return answer({"busy", "an analysis runs", before.job->id});
          trigger(before.job ? before.job->id : std::string{});
        },
        failed());
  }

private:
  void trigger(const std::string& last) const {
    self->request(scheduler, mqtt_answers_within, trigger_job{"analysis", "mqtt"})
      .then([*this, last](const schedule_entry&) { say_which(last); }, failed());
  }

  void say_which(const std::string& last) const {
    self->request(analysis, mqtt_answers_within, get_job_status{})
      .then(
        [*this, last](const job_status& now) {
          if (!now.job || now.job->id == last)
            return answer({"accepted", "the analysis begins as soon as it can", {}});
          answer({"accepted", {}, now.job->id});
          now.running ? wait() : say_how(*now.job);
        },
        failed());
  }

  void wait() const {
    self->request(analysis, caf::infinite, await_job{})
      .then(
        [*this](const job_status& after) {
          if (after.job)
            say_how(*after.job);
        },
        failed());
  }

  void say_how(const job_record& job) const {
    const bool well =
      job.outcome == job_outcome::ok || job.outcome == job_outcome::partial;
    answer({well ? "done" : "failed",
            std::string{outcome_word(job.outcome)} +
              (job.problem.empty() ? "" : ": " + job.problem),
            job.id});
  }

  std::function<void(const error&)> failed() const {
    return [answer = answer](const error& reason) {
      answer({code_of(reason) == ec::busy ? "busy" : "failed", describe(reason), {}});
    };
  }
};

} // namespace

carry_out_command mqtt_commands(caf::actor_system& system, job_carrier_actor analysis,
                                scheduler_actor scheduler,
                                std::shared_ptr<log_control> logging) {
  return [=, &system](const mqtt_command& command, tell answer) {
    switch (command.verb) {
    case mqtt_verb::analyze:
      system.spawn([=](caf::event_based_actor* self) {
        install_failure_handlers(self);
        analysis_by_mqtt{self, analysis, scheduler, answer}.begin();
      });
      return;
    case mqtt_verb::refresh:
      return answer({"unavailable", "this version has no corpus to refresh", {}});
    case mqtt_verb::log:
      logging->set_level(command.level);
      return answer({"done", "the level is " + command.level, {}});
    }
  };
}

} // namespace habitd
