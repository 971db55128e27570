#include "actors/analysis/event_log.hpp"

#include "actors/home/clean.hpp"
#include "actors/runtime/failure_handlers.hpp"
#include "actors/runtime/fault_point.hpp"
#include "actors/runtime/handler_result.hpp"
#include "messages/log_of.hpp"

namespace habitd {

expected<page_stored> event_log_state::read_page() {
  if (!source) {
    auto opened = options.open(*store);
    if (!opened)
      return opened.error();
    log_of(log_area::events).debug("reading {}", opened->description);
    source = std::move(*opened);
    reported = {};
  }
  fault_point("events.read");
  auto step = source->next();
  if (!step) {
    source.reset(); // the next job starts from the stored cursor
    return step.error();
  }
  batch changes;
  auto staged = stage_page(*step, *options.calendar, options.filter, *store, changes);
  auto failed = staged ? store->db->write(std::move(changes)) : staged.error();
  if (failed) {
    source.reset();
    return failed;
  }
  store->entities->committed();
  page_stored result{*staged, step->progress, step->at_end, {}};
  const auto problems = source->problems();
  result.counts.bad = problems.bad_rows - reported.bad_rows;
  result.counts.out_of_range = problems.out_of_range - reported.out_of_range;
  reported = problems;
  if (step->at_end) {
    result.problems = problems.first;
    source.reset();
  }
  return result;
}

expected<home_day_ptr> event_log_state::load(local_day day) const {
  fault_point("events.load");
  const auto raw = store->events.read(day);
  if (!raw)
    return raw.error();
  return std::make_shared<const home_day>(
    clean_day(*raw, day, options.calendar->clock_of(day),
              [this](entity_number number) { return store->entities->name_of(number); }));
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
