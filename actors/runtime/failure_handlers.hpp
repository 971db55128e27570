#pragma once

#include <caf/scheduled_actor.hpp>

namespace habitd {

/// First line of every actor: exceptions keep their text in the exit reason, and an error
/// that comes back from a plain `send` is logged instead of ending the actor.
void install_failure_handlers(caf::scheduled_actor* self);

} // namespace habitd
