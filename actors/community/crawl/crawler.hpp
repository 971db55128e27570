#pragma once

#include "actors/community/crawl/topic_source.hpp"

#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <vector>

namespace habitd {

class home_store;

/// Reads all sources of the crawler into what `job` stages.
struct crawl_sources {
  std::string job{};
};

template <class Inspector>
auto inspect(Inspector& f, crawl_sources& x) {
  return f(caf::meta::type_name("crawl_sources"), x.job);
}

/// Answers once every source was read to its end. What one source could not is an error,
/// with the others read.
using crawler_actor = caf::typed_actor<caf::replies_to<crawl_sources>::with<caf::unit_t>>;

struct crawler_state {
  static constexpr const char* name = "crawler";
  crawler_state() = default; // not an aggregate, see style
  std::shared_ptr<home_store> store;
  std::vector<topic_source> sources;
  std::stop_token stop;

  error crawl(const std::string& job);
};

/// To be spawned detached: sources block. `stop` ends a request under way within a second.
crawler_actor::behavior_type crawler(crawler_actor::stateful_pointer<crawler_state> self,
                                     std::shared_ptr<home_store> store,
                                     std::vector<topic_source> sources,
                                     std::stop_token stop);

} // namespace habitd
