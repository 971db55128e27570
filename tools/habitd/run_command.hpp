#pragma once

#include "tools/habitd/command.hpp"

#include <vector>

namespace habitd {

/// `habitd run`.
command add_run(CLI::App& app);

/// `habitd config check` and `habitd config reference`.
std::vector<command> add_config(CLI::App& app);

} // namespace habitd
