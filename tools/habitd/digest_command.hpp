#pragma once

#include "tools/habitd/command.hpp"

namespace habitd {

/// `habitd digest`.
command add_digest(CLI::App& app);

} // namespace habitd
