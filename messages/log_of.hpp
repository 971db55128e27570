#pragma once

#include "messages/log_area.hpp"

#include <spdlog/logger.h>

namespace habitd {

/// The logger of an area, named like it. It has a level of its own and writes to wherever
/// spdlog's default logger does at that time. May be called from any thread and before
/// logging is set up: until then its level is spdlog's.
spdlog::logger& log_of(log_area area);

} // namespace habitd
