#pragma once

#include "tools/habitd/command.hpp"

namespace habitd {

/// `habitd standards`.
command add_standards(CLI::App& app);

} // namespace habitd
