#pragma once

#include "tools/habitd/command.hpp"

namespace habitd {

/// `habitd corpus …`: asks about the community corpus.
command add_corpus(CLI::App& app);

} // namespace habitd
