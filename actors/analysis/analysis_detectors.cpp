// What an analysis asks of its detectors. One that fails is left out, and the others go on.

#include "actors/analysis/analysis.hpp"

#include "messages/log_correlation.hpp"
#include "messages/log_of.hpp"
#include "messages/time_text.hpp"
#include "storage/records.hpp"

#include <algorithm>

namespace habitd {

namespace {

/// One day may be to blame; a detector that misses another one is.
constexpr int most_missed_days = 2;

} // namespace

detector_set analysis_state::all_detectors_at_work() const {
  detector_set all;
  for (const auto& detector : workers.detectors)
    all.set(index_of(detector.id));
  return all;
}

/// Asks all of `whom`, and goes on when each has answered or failed. As long as another
/// attempt may help those that failed, the step is begun anew instead.
/// @param then  called with the answers; those that failed are given up on already.
template <class Reply, class Request>
void analysis_state::ask_detectors(detector_set whom, Request request,
                                   std::function<void(detector_answers<Reply>)> then) {
  if (whom.none())
    return then({});
  struct gathering {
    std::map<std::size_t, expected<Reply>> answers; // by position in `workers`
    std::size_t wanted = 0;
  };
  const auto all = std::make_shared<gathering>();
  all->wanted = whom.count();
  const auto gather = [this, mine = step, all, then](std::size_t from,
                                                     expected<Reply> answer) {
    if (mine != step)
      return;
    all->answers.emplace(from, std::move(answer));
    if (all->answers.size() < all->wanted)
      return;
    detector_answers<Reply> result;
    for (auto& [position, reply] : all->answers) {
      const auto* detector = &workers.detectors[position];
      if (reply)
        result.good.emplace_back(detector, std::move(*reply));
      else
        result.failed.emplace_back(detector, reply.error());
    }
    if (!result.failed.empty() && is_tried_again(result.failed.front().second))
      return;
    for (const auto& [detector, reason] : result.failed)
      give_up_on(*detector, reason);
    then(std::move(result));
  };
  for (std::size_t i = 0; i < workers.detectors.size(); ++i)
    if (whom[index_of(workers.detectors[i].id)])
      self->request(workers.detectors[i].worker, step_timeout, request)
        .then([gather, i](Reply& reply) { gather(i, std::move(reply)); },
              [gather, i](const error& reason) { gather(i, reason); });
}

void analysis_state::give_up_on(const detector_at_work& detector, const error& reason) {
  const log_correlation lines{job.correlation};
  if (detector_problem.empty())
    detector_problem = detector.name + ": " + describe(reason);
  if (phase != analysis_phase::observe)
    return;
  const auto problem =
    fmt::format("{}: not observed by {}: {}", format_date(days[next_day]), detector.name,
                describe(reason));
  log_of(log_area::analysis).error("analysis {}: {}", job.id, problem);
  if (job.problem.empty())
    job.problem = problem;
  if (++missed_days[detector.id] < most_missed_days)
    return;
  left_out.set(index_of(detector.id));
  log_of(log_area::analysis)
    .error("analysis {}: goes on without {}", job.id, detector.name);
}

void analysis_state::observe(const home_day_ptr& day, detector_set due) {
  ask_detectors<day_observed>(due & ~left_out, observe_day{day},
                              [this, day, due](detector_answers<day_observed> answers) {
                                if (answers.good.empty())
                                  return set_day_aside(answers.failed.front().second);
                                std::vector<day_observed> parts;
                                for (auto& [detector, part] : answers.good)
                                  parts.push_back(std::move(part));
                                seal(*day, std::move(parts), due);
                              });
}

/// One check of each detector a step, so that no handler takes long however many are due.
void analysis_state::run_checks() {
  ask_detectors<check_done>(checking, run_check{},
                            [this](const detector_answers<check_done>& answers) {
                              checking.reset();
                              for (const auto& [detector, done] : answers.good)
                                checking.set(index_of(detector->id), done.was_due);
                              if (checking.any())
                                return enter([this] { run_checks(); });
                              if (job.cancel_requested)
                                return finish();
                              end_phase(detector_problem);
                            });
}

void analysis_state::conclude() {
  ask_detectors<pattern_list>(
    all_detectors_at_work() & ~left_out, conclude_patterns{},
    [this](const detector_answers<pattern_list>& answers) {
      if (answers.good.empty())
        return end_phase(detector_problem); // the earlier findings stand
      std::vector<pattern> all;
      for (const auto& detector : workers.detectors) {
        const auto found = std::find_if(
          answers.good.begin(), answers.good.end(),
          [&detector](const auto& answer) { return answer.first == &detector; });
        if (found != answers.good.end())
          all.insert(all.end(), found->second->begin(), found->second->end());
        else if (auto failed = keep_patterns_of(detector, all))
          return step_failed(failed);
      }
      store_patterns(std::move(all));
    });
}

/// Damage, or a format of another version: the days that can't be read are left out, and the
/// step that met one is done over.
void analysis_state::verify_stored_days() {
  const auto verified = [this](const detector_answers<stored_verified>& answers) {
    for (const auto& [detector, found] : answers.good)
      if (!found.unreadable.empty())
        note_unreadable(*detector, found);
    ++step;
    current_step();
  };
  ask_detectors<stored_verified>(all_detectors_at_work() & ~left_out, verify_stored{},
                                 verified);
}

void analysis_state::note_unreadable(const detector_at_work& detector,
                                     const stored_verified& found) {
  const log_correlation lines{job.correlation};
  const auto first = format_date(found.unreadable.front());
  const auto days = found.unreadable.size();
  const auto problem = fmt::format(
    "{}: what is stored of {} can't be read and is left out: {}", detector.name,
    days > 1 ? fmt::format("{} days (the first: {})", days, first) : first,
    found.problem);
  log_of(log_area::analysis).error("analysis {}: {}", job.id, problem);
  if (job.problem.empty())
    job.problem = problem;
}

/// What a detector that has nothing to say today said the last time.
error analysis_state::keep_patterns_of(const detector_at_work& detector,
                                       std::vector<pattern>& all) {
  const auto stored = store->patterns.list();
  if (!stored)
    return stored.error();
  for (const auto& [id, text] : *stored) {
    auto kept = pattern_from_json(text);
    if (!kept)
      return kept.error();
    if (kept->detector == detector.name)
      all.push_back(std::move(*kept));
  }
  return {};
}

} // namespace habitd
