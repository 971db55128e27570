#pragma once

#include "actors/mqtt/broker.hpp"

namespace habitd {

/// A connection of the Eclipse Paho library.
/// @errors ec::invalid_input for settings that it can't use, such as a file that is not there.
expected<broker_connection_ptr> open_paho_broker(const broker_options& options,
                                                 broker_events events);

} // namespace habitd
