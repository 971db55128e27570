#pragma once

#include "messages/refresh.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <functional>

namespace habitd {

/// Gets the newest text of a document from its source; blocks, at most for a limit of its
/// own or until the task's stop is requested. May be called by several threads.
using fetch_document = std::function<fetched_text(const fetch_task&)>;

/// May be spawned detached: `fetch` blocks.
provider_actor::behavior_type provider_worker(provider_actor::pointer self,
                                              fetch_document fetch);

/// A result that says why there is no text.
fetched_text fetch_failed(std::string problem, std::int64_t wait_seconds = 0);

} // namespace habitd
