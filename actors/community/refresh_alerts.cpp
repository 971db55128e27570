#include "actors/community/refresh_alerts.hpp"

#include <fmt/format.h>

namespace habitd {

namespace {

constexpr const char* subject = "refresh";
constexpr std::size_t critical_failures = 3;

alert_change tell(bool is_so, const char* code, severity level, std::string text) {
  if (is_so)
    return raise_alert{code, subject, std::move(text), level};
  return clear_alert{code, subject};
}

} // namespace

std::vector<alert_change> alerts_after(const refresh_summary& run,
                                       std::size_t failed_in_a_row) {
  std::vector<alert_change> alerts;
  alerts.push_back(tell(
    !run.ok, "refresh_failed",
    failed_in_a_row >= critical_failures ? severity::critical : severity::warning,
    fmt::format("the community corpus could not be refreshed, {} times in a row: {}; "
                "the old one serves",
                failed_in_a_row, run.problem)));
  if (!run.ok)
    return alerts;
  const auto minutes =
    std::chrono::duration_cast<std::chrono::minutes>(run.finished - run.started);
  alerts.push_back(tell(minutes.count() > 45, "refresh_slow", severity::warning,
                        fmt::format("the refresh took {} minutes", minutes.count())));
  alerts.push_back(tell(run.blocks > 0 && run.parse_failures * 5 > run.blocks,
                        "parse_failures", severity::warning,
                        fmt::format("{} of {} blueprints could not be read",
                                    run.parse_failures, run.blocks)));
  alerts.push_back(tell(run.added > 100, "many_new", severity::info,
                        fmt::format("{} new entries; an analysis follows", run.added)));
  return alerts;
}

} // namespace habitd
