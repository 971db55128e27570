#include "actors/suggestion/suggestion_worker.hpp"

#include "actors/runtime/failure_handlers.hpp"
#include "actors/runtime/fault_point.hpp"
#include "actors/suggestion/back_test.hpp"
#include "actors/suggestion/suggest.hpp"

namespace habitd {

suggestion_actor::behavior_type
suggestion_worker(suggestion_actor::stateful_pointer<suggestion_worker_state> self,
                  std::shared_ptr<home_store> store) {
  install_failure_handlers(self);
  self->state.store = std::move(store);
  return {[self](const make_suggestions& msg) -> caf::result<suggestion_list> {
    fault_point("suggestion.make");
    auto days = stored_days::open(*self->state.store);
    if (!days)
      return std::move(days.error());
    auto made = suggest(*msg.patterns,
                        [&days](const pattern& habit) { return days->replay(habit); });
    if (!made)
      return std::move(made.error());
    return suggestion_list{
      std::make_shared<const std::vector<suggestion>>(std::move(*made))};
  }};
}

} // namespace habitd
