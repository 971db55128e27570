#pragma once

#include "actors/community/corpus_view.hpp"
#include "actors/community/plan_refresh.hpp"
#include "messages/corpus_work.hpp"
#include "storage/home_store.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace habitd {

struct file_reader_state {
  static constexpr const char* name = "file reader";
  file_reader_state() = default;
};

/// Reads folders and archives; to be spawned detached, since it blocks.
file_reader_actor::behavior_type
file_reader(file_reader_actor::stateful_pointer<file_reader_state> self);

struct parser_state {
  static constexpr const char* name = "parser";
  parser_state() = default;
};

/// One of a pool: parses a topic at a time.
parser_actor::behavior_type parser(parser_actor::stateful_pointer<parser_state> self);

/// What a pruner works with.
struct pruner_parts {
  std::shared_ptr<home_store> store;
  std::shared_ptr<const wall_clock> clock;
  corpus_rules rules;
  std::vector<std::string> told; // outbox targets that hear of each commit
  std::function<void()> wake_couriers = {};
};

struct pruner_state {
  static constexpr const char* name = "pruner";
  pruner_state() = default;
  pruner_parts with;
  expected<plan_committed> commit(const commit_plan& what) const;
  expected<entry_restored> restore(const restore_deleted& what) const;
  expected<corpus_cleaned_up> clean_up() const;
};

/// Plans, commits, restores and cleans up.
pruner_actor::behavior_type pruner(pruner_actor::stateful_pointer<pruner_state> self,
                                   pruner_parts with);

/// What a cache invalidator sends itself.
struct analyse_now {
  std::uint64_t number = 0;
};
template <class Inspector>
auto inspect(Inspector& f, analyse_now& x) {
  return f(caf::meta::type_name("analyse_now"), x.number);
}
using cache_invalidator_self =
  cache_invalidator_actor::extend<caf::reacts_to<analyse_now>>;

constexpr std::uint64_t many_added = 100; // more of them change what is found
constexpr std::chrono::minutes analysis_follows_in{5}; // then

struct cache_invalidator_state {
  static constexpr const char* name = "cache invalidator";
  explicit cache_invalidator_state(cache_invalidator_self::pointer self) : self{self} {}
  bool follow(std::uint64_t added);

  cache_invalidator_self::pointer self;
  std::shared_ptr<corpus_view> view;
  std::function<void()> begin_analysis;
  std::uint64_t scheduled = 0; // the last one, so that several make one
};

/// Swaps the index and the caches after a commit.
/// @param begin_analysis  must not block.
cache_invalidator_self::behavior_type
cache_invalidator(cache_invalidator_self::stateful_pointer<cache_invalidator_state> self,
                  std::shared_ptr<corpus_view> view,
                  std::function<void()> begin_analysis);

} // namespace habitd
