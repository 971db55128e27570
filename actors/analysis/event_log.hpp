#pragma once

#include "actors/analysis/ingest.hpp"
#include "actors/runtime/job_at_work.hpp"
#include "messages/analysis.hpp"

#include <functional>

namespace habitd {

/// Opens the home's source where reading stopped.
/// @param store  holds the cursor.
using open_events = std::function<expected<event_source>(const home_store& store)>;

/// How events come in.
struct event_log_options {
  open_events open;
  std::shared_ptr<const home_calendar> calendar;
  entity_filter filter;
  std::shared_ptr<const wall_clock> clock{}; // null: no row is dated ahead
  std::shared_ptr<const job_at_work> job{};  // that asks, for log lines; null: none
};

struct event_log_state {
  static constexpr const char* name = "event-log";
  event_log_state() = default;

  expected<page_stored> read_page();
  expected<staged_page> store_page(const read_step& step);
  expected<home_day_ptr> load(local_day day) const;

  event_log_options options;
  std::shared_ptr<home_store> store;
  std::optional<event_source> source; // opened by the first read of a job
  read_problems reported;             // those of `source` that answers told already
  std::uint64_t ahead = 0;            // rows of this job that are dated ahead
  wall_time first_ahead{};            // the earliest of them
};

/// Reads files, so it runs detached.
event_log_actor::behavior_type
event_log(event_log_actor::stateful_pointer<event_log_state> self,
          event_log_options options, std::shared_ptr<home_store> store);

} // namespace habitd
