#pragma once

#include "actors/analysis/phases.hpp"

#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace habitd {

/// What became of a request to several detectors, in the order of `analysis_workers`.
template <class Reply>
struct detector_answers {
  std::vector<std::pair<const detector_at_work*, Reply>> good;
  std::vector<std::pair<const detector_at_work*, error>> failed;

  /// "time_of_day: unavailable: …" of the first that failed; empty if none did.
  std::string problem() const {
    return failed.empty()
             ? std::string{}
             : failed.front().first->name + ": " + describe(failed.front().second);
  }
};

/// Asks all of `whom` of `all`, which outlives the step, and goes on when each has answered
/// or failed. As long as another attempt may help one that failed, the step is begun anew
/// instead.
template <class Reply, class Request>
void ask_detectors(step_report report, const std::vector<detector_at_work>& all,
                   detector_set whom, Request request,
                   std::function<void(detector_answers<Reply>)> then) {
  if (whom.none())
    return then({});
  const auto answers = std::make_shared<std::map<std::size_t, expected<Reply>>>();
  const auto gather = [=, &all, wanted = whom.count()](std::size_t from,
                                                       expected<Reply> answer) {
    if (!report.is_current())
      return;
    answers->emplace(from, std::move(answer));
    if (answers->size() < wanted)
      return;
    detector_answers<Reply> result;
    std::vector<error> reasons;
    for (auto& [position, reply] : *answers)
      if (reply) {
        result.good.emplace_back(&all[position], std::move(*reply));
      } else {
        reasons.push_back(reply.error());
        result.failed.emplace_back(&all[position], reply.error());
      }
    if (reasons.empty() || !report.tries_again(reasons))
      then(std::move(result));
  };
  for (std::size_t i = 0; i < all.size(); ++i)
    if (whom[index_of(all[i].id)])
      report.self()
        ->request(all[i].worker, step_timeout, request)
        .then([gather, i](Reply& reply) { gather(i, std::move(reply)); },
              [gather, i](const error& reason) { gather(i, reason); });
}

} // namespace habitd
