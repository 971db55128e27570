#pragma once

#include "messages/analysis.hpp"
#include "storage/home_store.hpp"

#include <memory>

namespace habitd {

struct suggestion_worker_state {
  static constexpr const char* name = "suggestion";
  suggestion_worker_state() = default;
  std::shared_ptr<home_store> store;
};

suggestion_actor::behavior_type
suggestion_worker(suggestion_actor::stateful_pointer<suggestion_worker_state> self,
                  std::shared_ptr<home_store> store);

} // namespace habitd
