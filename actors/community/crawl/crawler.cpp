#include "actors/community/crawl/crawler.hpp"

#include "actors/runtime/failure_handlers.hpp"
#include "storage/home_store.hpp"

namespace habitd {

error crawler_state::crawl(const std::string& job) {
  error first;
  for (const auto& source : sources) {
    auto failed = source(store->staging, job, stop);
    if (failed && !first)
      first = std::move(failed);
  }
  return first;
}

crawler_actor::behavior_type crawler(crawler_actor::stateful_pointer<crawler_state> self,
                                     std::shared_ptr<home_store> store,
                                     std::vector<topic_source> sources,
                                     std::stop_token stop) {
  install_failure_handlers(self);
  self->state.store = std::move(store);
  self->state.sources = std::move(sources);
  self->state.stop = std::move(stop);
  return {
    [self](const crawl_sources& msg) -> caf::result<caf::unit_t> {
      if (auto failed = self->state.crawl(msg.job))
        return failed;
      return caf::unit;
    },
  };
}

} // namespace habitd
