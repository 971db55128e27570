#pragma once

#include "tools/habitd/command.hpp"

namespace habitd {

/// `habitd simulate`.
command add_simulate(CLI::App& app);

} // namespace habitd
