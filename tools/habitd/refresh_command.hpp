#pragma once

#include "tools/habitd/command.hpp"

namespace habitd {

/// `habitd refresh`: brings the community corpus up to date.
command add_refresh(CLI::App& app);

} // namespace habitd
