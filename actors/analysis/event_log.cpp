#include "actors/analysis/event_log.hpp"

#include "actors/home/clean.hpp"
#include "actors/runtime/failure_handlers.hpp"
#include "actors/runtime/fault_point.hpp"
#include "actors/runtime/handler_result.hpp"
#include "messages/log_of.hpp"
#include "messages/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

expected<page_stored> event_log_state::read_page() {
  if (!source) {
    auto opened = options.open(*store);
    if (!opened)
      return opened.error();
    log_of(log_area::events).debug("reading {}", opened->description);
    source = std::move(*opened);
    reported = {};
    ahead = 0;
  }
  fault_point("events.read");
  auto step = source->next();
  if (!step) {
    source.reset(); // the next job starts from the stored cursor
    return step.error();
  }
  const auto stored = store_page(*step);
  if (!stored) {
    source.reset();
    return stored.error();
  }
  page_stored result{stored->counts, step->progress, step->at_end, {}};
  const auto problems = source->problems();
  result.counts.bad = problems.bad_rows - reported.bad_rows;
  result.counts.out_of_range = problems.out_of_range - reported.out_of_range;
  reported = problems;
  if (step->at_end) {
    result.problems = problems.first;
    if (ahead > 0)
      result.problems.push_back(
        fmt::format("{} rows are dated after tomorrow, the first {}: they wait for their "
                    "day",
                    ahead, format_utc(first_ahead)));
    source.reset();
  }
  return result;
}

expected<staged_page> event_log_state::store_page(const read_step& step) {
  ingest_options how{*options.calendar, options.filter, {}};
  if (options.clock)
    how.now = options.clock->now();
  expected<staged_page> staged{staged_page{}};
  if (auto failed = store->days.change([&](day_changes& book) {
        staged = stage_page(step, how, *store, book);
        return staged ? error{} : staged.error();
      }))
    return failed;
  store->entities->committed(staged->entities);
  if (staged->first_ahead)
    first_ahead =
      ahead == 0 ? *staged->first_ahead : std::min(first_ahead, *staged->first_ahead);
  ahead += staged->counts.ahead;
  return staged;
}

expected<home_day_ptr> event_log_state::load(local_day day) const {
  fault_point("events.load");
  const auto record =
    store->days.get(day); // before its rows: those to come open it again
  const auto raw = store->events.read(day);
  if (!record || !raw)
    return !record ? record.error() : raw.error();
  auto cleaned =
    clean_day(*raw, day, options.calendar->clock_of(day),
              [this](entity_number number) { return store->entities->name_of(number); });
  cleaned.epoch = record->epoch;
  return std::make_shared<const home_day>(std::move(cleaned));
}

event_log_actor::behavior_type
event_log(event_log_actor::stateful_pointer<event_log_state> self,
          event_log_options options, std::shared_ptr<home_store> store) {
  install_failure_handlers(self);
  self->state.options = std::move(options);
  self->state.store = std::move(store);
  return {
    [self](read_page) {
      const lines_of_job lines{self->state.options.job};
      return to_result(self->state.read_page());
    },
    [self](load_day msg) {
      const lines_of_job lines{self->state.options.job};
      return to_result(self->state.load(msg.day));
    },
  };
}

} // namespace habitd
