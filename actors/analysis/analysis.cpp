#include "actors/analysis/analysis.hpp"

#include "actors/runtime/failure_handlers.hpp"
#include "actors/runtime/handler_result.hpp"
#include "messages/log_correlation.hpp"
#include "messages/log_of.hpp"
#include "messages/time_text.hpp"
#include "storage/records.hpp"

#include <caf/exit_reason.hpp>

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr int attempts_per_step = 3;
constexpr auto space_wanted_every = 30s;
constexpr auto retry_after = 1s; // a supervisor needs up to 0.4 s for the first restarts

/// Trying again helps against a worker that is restarting or a disk that is full, not
/// against a file of the wrong kind.
bool may_pass(const error& reason) {
  const auto code = code_of(reason);
  return code == ec::unavailable || code == ec::unexpected;
}

} // namespace

void analysis_state::enter(std::function<void()> next) {
  ++step;
  failures = 0;
  if (job.cancel_requested)
    return finish();
  current_step = std::move(next);
  current_step();
}

void analysis_state::again(std::uint64_t failed_step) {
  if (!running || failed_step != step)
    return;
  ++step;
  between_attempts = false;
  current_step();
}

void analysis_state::try_again_in(std::chrono::seconds wait) {
  between_attempts = true;
  self->delayed_send(self, wait, step_again{step});
}

/// False if nothing speaks for another attempt.
bool analysis_state::is_tried_again(const error& reason) {
  const log_correlation lines{job.correlation};
  ++step; // whatever else this attempt still gets is late
  if (job.cancel_requested) {
    finish();
    return true;
  }
  if (waited < options.wait_for_space && is_disk_full(reason)) {
    if (waited == 0s)
      log_of(log_area::analysis)
        .error("analysis {} waits for space: {}", job.id, describe(reason));
    waited += space_wanted_every;
    try_again_in(space_wanted_every);
    return true;
  }
  if (!is_verified && phase >= analysis_phase::check &&
      code_of(reason) == ec::corrupt_data) {
    is_verified = true;
    verify_stored_days();
    return true;
  }
  if (++failures < attempts_per_step && may_pass(reason)) {
    log_of(log_area::analysis)
      .warn("analysis {}: {} failed, trying again: {}", job.id, phase_word(phase),
            describe(reason));
    try_again_in(retry_after);
    return true;
  }
  return false;
}

void analysis_state::step_failed(const error& reason) {
  if (is_tried_again(reason))
    return;
  if (phase == analysis_phase::observe && next_day < days.size())
    set_day_aside(reason);
  else
    end_phase(describe(reason));
}

/// @param problem  empty if the phase went well.
void analysis_state::end_phase(const std::string& problem) {
  const log_correlation lines{job.correlation};
  const auto now = self->clock().now();
  phase_result result{phase, problem.empty(), problem, (now - phase_began) / 1ms};
  phase_began = now;
  if (!problem.empty()) {
    log_of(log_area::analysis)
      .error("analysis {}: {} failed: {}", job.id, phase_word(phase), problem);
    if (job.problem.empty())
      job.problem = std::string{phase_word(phase)} + ": " + problem;
  }
  job.phases.push_back(std::move(result));
  if (auto failed = save_job())
    log_of(log_area::analysis).error("analysis {}: {}", job.id, describe(failed));
  if (phase == analysis_phase::suggest)
    return finish();
  phase = static_cast<analysis_phase>(static_cast<int>(phase) + 1);
  progress = 0;
  if (left_out.none())
    detector_problem.clear();
  switch (phase) {
  case analysis_phase::observe:
    return enter([this] { list_days(); });
  case analysis_phase::check:
    checking = all_detectors_at_work() & ~left_out;
    return enter([this] { run_checks(); });
  case analysis_phase::conclude:
    return enter([this] { conclude(); });
  default:
    // Before suggestions: they replay all stored days, which are so the same ones however
    // long ago the last job was.
    if (auto failed = prune())
      log_of(log_area::analysis)
        .warn("analysis {}: old days not dropped: {}", job.id, describe(failed));
    return enter([this] { suggest(); });
  }
}

void analysis_state::read_page() {
  self->request(workers.events, step_timeout, habitd::read_page{})
    .then(
      [this, mine = step](const page_stored& page) {
        if (mine != step)
          return;
        job.rows.stored += page.counts.stored;
        job.rows.excluded += page.counts.excluded;
        job.rows.too_late += page.counts.too_late;
        job.rows.bad += page.counts.bad;
        job.rows.out_of_range += page.counts.out_of_range;
        progress = page.progress;
        if (!page.at_end)
          return enter([this] { read_page(); });
        job.row_problems = page.problems;
        end_phase();
      },
      [this, mine = step](const error& reason) {
        if (mine == step)
          step_failed(reason);
      });
}

void analysis_state::suggest() {
  if (!patterns) // conclude failed: the earlier suggestions stand
    return end_phase();
  self->request(workers.suggestions, step_timeout, make_suggestions{patterns})
    .then(
      [this, mine = step](const suggestion_list& made) {
        if (mine == step)
          store_suggestions(*made);
      },
      [this, mine = step](const error& reason) {
        if (mine == step)
          step_failed(reason);
      });
}

analysis_self::behavior_type
analysis(analysis_self::stateful_pointer<analysis_state> self, analysis_workers workers,
         std::shared_ptr<home_store> store, std::shared_ptr<const home_calendar> calendar,
         std::shared_ptr<const wall_clock> clock, analysis_options options) {
  install_failure_handlers(self);
  auto& state = self->state;
  state.workers = std::move(workers);
  state.store = std::move(store);
  state.calendar = std::move(calendar);
  state.clock = std::move(clock);
  state.options = options;
  self->set_exit_handler([self, &state](caf::exit_msg& msg) {
    if (msg.reason == caf::exit_reason::user_shutdown)
      state.stop();
    if (msg.reason)
      self->quit(std::move(msg.reason));
  });
  if (options.resume)
    state.resume();
  return {
    [&state](const start_analysis& msg) { return to_result(state.begin(msg.trigger)); },
    [self, &state](const run_job& msg) -> caf::result<job_ended> {
      if (auto begun = state.begin(msg.trigger); !begun)
        return std::move(begun.error());
      state.runner = self->make_response_promise<job_ended>();
      return state.runner;
    },
    [self, &state](await_analysis) -> caf::result<analysis_status> {
      if (!state.running)
        return state.status();
      auto promise = self->make_response_promise<analysis_status>();
      state.waiting.push_back(promise);
      return promise;
    },
    [&state](const cancel_job& msg) { return to_result(state.cancel(msg.id)); },
    [&state](get_analysis_status) { return state.status(); },
    [&state](step_again msg) { state.again(msg.step); },
  };
}

} // namespace habitd
