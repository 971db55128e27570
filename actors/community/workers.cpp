#include "actors/community/workers.hpp"

#include "actors/community/commit_plan.hpp"
#include "actors/community/file_source.hpp"
#include "actors/community/parse_topic.hpp"
#include "actors/community/refresh.hpp"
#include "actors/runtime/failure_handlers.hpp"
#include "messages/log_of.hpp"
#include "storage/corpus_records.hpp"

namespace habitd {

file_reader_actor::behavior_type
file_reader(file_reader_actor::stateful_pointer<file_reader_state> self) {
  install_failure_handlers(self);
  return {
    [](const read_file_source& what) -> caf::result<file_source_read> {
      file_source_read read;
      const auto source = read_files(what.path, [&read](fetched_topic topic) {
        read.topics.push_back(std::make_shared<const fetched_topic>(std::move(topic)));
      });
      if (!source)
        return source.error();
      read.source = *source;
      return read;
    },
  };
}

parser_actor::behavior_type parser(parser_actor::stateful_pointer<parser_state> self) {
  install_failure_handlers(self);
  return {
    [](const parse_one_topic& what) -> topic_parsed_ptr {
      auto parsed = parse_topic(*what.topic);
      return std::make_shared<const topic_parsed>(
        topic_parsed{std::move(parsed.entries), std::move(parsed.failures)});
    },
  };
}

expected<plan_committed> pruner_state::commit(const commit_plan& what) const {
  const plan_committed done{what.plan->summary.added, what.plan->summary.total};
  if (is_committed(*with.store, what.job))
    return done; // the answer got lost
  batch changes;
  const commit_context by{what.job, what.correlation, what.started, with.clock->now(),
                          with.told};
  if (auto failed = stage_plan(changes, *with.store, *what.plan, by))
    return failed;
  if (!what.staged.empty())
    with.store->staging.erase(changes, what.staged);
  if (auto failed = with.store->db->write(std::move(changes)))
    return failed;
  if (with.wake_couriers)
    with.wake_couriers();
  return done;
}

expected<entry_restored> pruner_state::restore(const restore_deleted& what) const {
  const auto entry =
    restore_entry(*with.store, what.id, what.correlation, with.clock->now());
  if (!entry)
    return entry.error();
  return entry_restored{to_json(*entry)};
}

expected<corpus_cleaned_up> pruner_state::clean_up() const {
  batch changes;
  const auto counts = stage_cleanup(changes, *with.store, with.clock->now());
  if (!counts)
    return counts.error();
  if (auto failed = with.store->db->write(std::move(changes)))
    return failed;
  return corpus_cleaned_up{counts->entries, counts->votes};
}

pruner_actor::behavior_type pruner(pruner_actor::stateful_pointer<pruner_state> self,
                                   pruner_parts with) {
  install_failure_handlers(self);
  self->state.with = std::move(with);
  return {
    [self](const make_plan& what) -> caf::result<corpus_plan_ptr> {
      const auto& with = self->state.with;
      auto plan = plan_next(*with.store, *what.facts, with.rules, with.clock->now());
      if (!plan)
        return plan.error();
      return std::make_shared<const corpus_plan>(std::move(*plan));
    },
    [self](const commit_plan& what) { return self->state.commit(what); },
    [self](const restore_deleted& what) { return self->state.restore(what); },
    [self](clean_up_corpus) { return self->state.clean_up(); },
  };
}

bool cache_invalidator_state::follow(std::uint64_t added) {
  if (added <= many_added)
    return false;
  self->delayed_send(self, analysis_follows_in, analyse_now{++scheduled});
  return true;
}

cache_invalidator_self::behavior_type
cache_invalidator(cache_invalidator_self::stateful_pointer<cache_invalidator_state> self,
                  std::shared_ptr<corpus_view> view,
                  std::function<void()> begin_analysis) {
  install_failure_handlers(self);
  self->state.view = std::move(view);
  self->state.begin_analysis = std::move(begin_analysis);
  return {
    [self](corpus_changed what) -> caf::result<caches_dropped> {
      if (auto failed = self->state.view->refresh())
        return failed;
      return caches_dropped{self->state.follow(what.added)};
    },
    [self](miner_updated what) {
      self->state.view->forget_answers();
      return caches_dropped{self->state.follow(what.added)};
    },
    [self](analyse_now what) {
      if (what.number == self->state.scheduled && self->state.begin_analysis)
        self->state.begin_analysis();
    },
  };
}

} // namespace habitd
