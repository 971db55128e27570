#include "actors/community/corpus_view.hpp"

#include "messages/log_of.hpp"

namespace habitd {

error corpus_view::refresh() {
  const auto at = store_->db->take_snapshot();
  auto entries = store_->corpus.all(at.get());
  if (!entries)
    return entries.error();
  home_registry home;
  if (!registry_.empty()) {
    if (auto read = read_home_registry(registry_))
      home = std::move(*read);
    else
      log_of(log_area::community)
        .warn("blueprints are not matched with the home: {}", describe(read.error()));
  }
  corpus_index made{*entries, home};
  const auto old =
    content_.exchange(std::make_shared<content>(std::move(made), std::move(home)));
  const auto counts = old->answers.counts();
  past_hits_ += counts.hits;
  past_misses_ += counts.misses;
  ++drops_;
  return {};
}

void corpus_view::forget_answers() {
  read()->answers.clear();
}

cache_counts corpus_view::counts() const {
  auto counts = read()->answers.counts();
  counts.hits += past_hits_;
  counts.misses += past_misses_;
  counts.drops += drops_;
  return counts;
}

} // namespace habitd
