#include "actors/analysis/analysis.hpp"

#include "actors/runtime/failure_handlers.hpp"
#include "actors/runtime/handler_result.hpp"
#include "messages/log_correlation.hpp"
#include "messages/log_of.hpp"
#include "messages/time_text.hpp"
#include "storage/records.hpp"

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr int attempts_per_step = 3;
constexpr auto space_wanted_every = 30s;
constexpr auto retry_after = 1s; // a supervisor needs up to 0.4 s for the first restarts

/// No step takes longer unless its worker hangs: the largest is one day of a busy home.
constexpr auto step_timeout = 120s;

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

void analysis_state::step_failed(const error& reason) {
  const log_correlation lines{job.correlation};
  ++step; // whatever else this attempt still gets is late
  if (job.cancel_requested)
    return finish();
  if (waited < options.wait_for_space && is_disk_full(reason)) {
    if (waited == 0s)
      log_of(log_area::analysis)
        .error("analysis {} waits for space: {}", job.id, describe(reason));
    waited += space_wanted_every;
    return try_again_in(space_wanted_every);
  }
  if (++failures < attempts_per_step && may_pass(reason)) {
    log_of(log_area::analysis)
      .warn("analysis {}: {} failed, trying again: {}", job.id, phase_word(phase),
            describe(reason));
    return try_again_in(retry_after);
  }
  if (phase == analysis_phase::observe && next_day < days.size()) {
    const auto problem = format_date(days[next_day]) + ": " + describe(reason);
    log_of(log_area::analysis)
      .error("analysis {}: day set aside, it stays to be done: {}", job.id, problem);
    if (job.problem.empty())
      job.problem = problem;
    ++next_day;
    return enter([this] { load_next_day(); });
  }
  end_phase(reason);
}

void analysis_state::end_phase(const error& problem) {
  const log_correlation lines{job.correlation};
  const auto now = self->clock().now();
  phase_result result{phase, !problem, problem ? describe(problem) : std::string{},
                      (now - phase_began) / 1ms};
  phase_began = now;
  if (problem) {
    log_of(log_area::analysis)
      .error("analysis {}: {} failed: {}", job.id, phase_word(phase), result.problem);
    if (job.problem.empty())
      job.problem = std::string{phase_word(phase)} + ": " + result.problem;
  }
  job.phases.push_back(std::move(result));
  if (auto failed = save_job())
    log_of(log_area::analysis).error("analysis {}: {}", job.id, describe(failed));
  if (phase == analysis_phase::suggest)
    return finish();
  phase = static_cast<analysis_phase>(static_cast<int>(phase) + 1);
  progress = 0;
  switch (phase) {
  case analysis_phase::observe:
    return enter([this] { list_days(); });
  case analysis_phase::check:
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

void analysis_state::list_days() {
  self->request(workers.events, step_timeout, list_dirty_days{})
    .then(
      [this, mine = step](const std::vector<local_day>& dirty) {
        if (mine != step)
          return;
        days = dirty;
        if (!options.partial_days)
          std::erase_if(days, [now = clock->now(), this](local_day day) {
            return calendar->span_of(day).end > now;
          });
        if (const auto most = static_cast<std::size_t>(options.last_days);
            most > 0 && days.size() > most)
          days.erase(days.begin(), days.end() - options.last_days);
        next_day = 0;
        enter([this] { load_next_day(); });
      },
      [this, mine = step](const error& reason) {
        if (mine == step)
          step_failed(reason);
      });
}

void analysis_state::load_next_day() {
  if (next_day == days.size())
    return end_phase();
  progress = static_cast<double>(next_day) / static_cast<double>(days.size());
  self->request(workers.events, step_timeout, load_day{days[next_day]})
    .then(
      [this, mine = step](const home_day_ptr& day) {
        if (mine == step)
          observe(day);
      },
      [this, mine = step](const error& reason) {
        if (mine == step)
          step_failed(reason);
      });
}

void analysis_state::observe(const home_day_ptr& day) {
  auto parts = std::make_shared<std::vector<day_observed>>();
  for (const auto& worker : workers.detectors)
    self->request(worker, step_timeout, observe_day{day})
      .then(
        [this, mine = step, day, parts](day_observed& observed) {
          if (mine != step)
            return;
          parts->push_back(std::move(observed));
          if (parts->size() == workers.detectors.size())
            seal(*day, std::move(*parts));
        },
        [this, mine = step](const error& reason) {
          if (mine == step)
            step_failed(reason);
        });
}

void analysis_state::run_checks() {
  checking = workers.detectors.size();
  for (std::size_t i = 0; i < workers.detectors.size(); ++i)
    run_next_check(i);
}

/// One check a message, so that no handler takes long however many are due.
void analysis_state::run_next_check(std::size_t detector) {
  self->request(workers.detectors[detector], step_timeout, run_check{})
    .then(
      [this, mine = step, detector](check_done done) {
        if (mine != step)
          return;
        if (done.was_due && !job.cancel_requested)
          return run_next_check(detector);
        if (--checking == 0)
          job.cancel_requested ? finish() : end_phase();
      },
      [this, mine = step](const error& reason) {
        if (mine == step)
          step_failed(reason);
      });
}

void analysis_state::conclude() {
  auto found = std::make_shared<std::vector<pattern_list>>(workers.detectors.size());
  auto left = std::make_shared<std::size_t>(workers.detectors.size());
  for (std::size_t i = 0; i < workers.detectors.size(); ++i)
    self->request(workers.detectors[i], step_timeout, conclude_patterns{})
      .then(
        [this, mine = step, found, left, i](const pattern_list& part) {
          if (mine != step)
            return;
          (*found)[i] = part;
          if (--*left > 0)
            return;
          std::vector<pattern> all;
          for (const auto& list : *found)
            all.insert(all.end(), list->begin(), list->end());
          store_patterns(std::move(all));
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
