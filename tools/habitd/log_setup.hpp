#pragma once

#include "config/config.hpp"

namespace habitd {

/// Messages go to standard error from here on, as text.
void log_to_stderr();

/// Levels and format as set; may be called again at any time.
void set_logging(const log_config& settings);

} // namespace habitd
