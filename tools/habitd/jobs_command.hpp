#pragma once

#include "tools/habitd/command.hpp"

namespace habitd {

/// `habitd jobs`.
command add_jobs(CLI::App& app);

} // namespace habitd
