#pragma once

#include "actors/job/job_kind.hpp"
#include "actors/runtime/calendar.hpp"
#include "messages/analysis.hpp"
#include "storage/home_store.hpp"

#include <memory>
#include <string>
#include <vector>

namespace habitd {

struct analysis_options {
  bool partial_days =
    false;                  // observe days that are not over: for files, not for a daemon
  int last_days = 0;        // observe only the last so many of the new days; 0 = all
  bool is_attended = false; // somebody waits: days that ended a job are tried as well
  int keep_raw_days = 7;    // raw events before the last sealed day; 0 = for ever
  int keep_daily_days = 90; // daily aggregates; 0 = for ever
  int keep_jobs_days = 365; // job records; the last 20 stay in any case
};

/// A detector and who runs it.
struct detector_at_work {
  detector_id id{};
  std::string name; // as patterns say it
  detector_actor worker;
};

/// Who does the work.
struct analysis_workers {
  event_log_actor events;
  std::vector<detector_at_work> detectors; // in the order in which patterns are reported
  suggestion_actor suggestions;
};

/// What an analysis works with.
struct analysis_parts {
  analysis_workers workers;
  std::shared_ptr<home_store> store;
  std::shared_ptr<const home_calendar> calendar;
  std::shared_ptr<const wall_clock> clock;
  analysis_options options;
};

/// The job that makes patterns and suggestions of events. Every step is stored whole before
/// the next begins and changes nothing when it is repeated, so a crash resumes at the step it
/// cut off. A detector that fails is left out, and keeps the others from nothing.
job_kind analysis_kind(analysis_parts with);

} // namespace habitd
