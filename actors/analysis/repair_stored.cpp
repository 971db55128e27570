#include "actors/analysis/phases.hpp"
#include "messages/time_text.hpp"

#include <fmt/format.h>

namespace habitd {

namespace {

void note_unreadable(step_report report, const std::string& detector,
                     const stored_verified& found) {
  if (found.unreadable.empty())
    return;
  const auto first = format_date(found.unreadable.front());
  const auto days = found.unreadable.size();
  report.problem(
    fmt::format("{}: what is stored of {} can't be read and is left out: {}", detector,
                days > 1 ? fmt::format("{} days (the first: {})", days, first) : first,
                found.problem));
}

} // namespace

// One detector after the other: two that can't read the same day change its one record.
job_step repair_stored(const analysis_run_ptr& run) {
  return [run, next = std::make_shared<std::size_t>(0)](step_report report) {
    const auto& detectors = run->with.workers.detectors;
    while (*next < detectors.size() && run->left_out[index_of(detectors[*next].id)])
      ++*next;
    if (*next == detectors.size())
      return report.done();
    const auto go_on = [report, next] {
      ++*next;
      report.more();
    };
    report.self()
      ->request(detectors[*next].worker, step_timeout, verify_stored{})
      .then(
        [=, &detectors](const stored_verified& found) {
          if (!report.is_current())
            return;
          note_unreadable(report, detectors[*next].name, found);
          go_on();
        },
        [=](const error& reason) { // what it can't repair, it meets in the step
          if (!report.tries_again({&reason, 1}))
            go_on();
        });
  };
}

} // namespace habitd
