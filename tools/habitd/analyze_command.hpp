#pragma once

#include "tools/habitd/command.hpp"

namespace habitd {

/// `habitd analyze`.
command add_analyze(CLI::App& app);

/// `habitd try`.
command add_try(CLI::App& app);

} // namespace habitd
