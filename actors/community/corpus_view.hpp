#pragma once

#include "actors/community/answer_cache.hpp"
#include "actors/community/corpus_index.hpp"
#include "storage/home_store.hpp"

#include <atomic>
#include <filesystem>
#include <memory>

namespace habitd {

/// What readers of the corpus work with: the index of the last commit and answers made from
/// it. Both are swapped at once; who reads is never made to wait, and sees one or the other.
class corpus_view {
public:
  struct content {
    explicit content(corpus_index made, home_registry of_home = {})
        : index{std::move(made)}, home{std::move(of_home)} {}
    const corpus_index index;
    const home_registry home;
    answer_cache answers; // thread-safe
  };

  /// @param registry  folder of Home Assistant's registries; empty = there is no home.
  explicit corpus_view(std::shared_ptr<const home_store> store,
                       std::filesystem::path registry = {})
      : store_{std::move(store)}, registry_{std::move(registry)},
        content_{std::make_shared<content>(corpus_index{{}})} {}

  std::shared_ptr<content> read() const { return content_.load(); }

  /// Builds a new index of what is stored, and puts it in place of the one there is.
  error refresh();

  /// Drops answers, so that they are made anew.
  void forget_answers();

  /// Hits and misses of all indexes there were, by cache.
  cache_counts counts() const;

private:
  std::shared_ptr<const home_store> store_;
  std::filesystem::path registry_;
  std::atomic<std::shared_ptr<content>> content_;
  std::atomic<std::uint64_t> past_hits_{0}, past_misses_{0}, drops_{0};
};

} // namespace habitd
