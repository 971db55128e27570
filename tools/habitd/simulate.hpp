#pragma once

#include "tools/simulator/options.hpp"

#include <filesystem>

namespace habitd {

struct simulate_request {
  simulation_options options;
  std::filesystem::path directory; // made if missing
  bool recorder_only = false;      // no events.ndjson, which is much larger
};

/// `habitd simulate`: writes a home as `events.ndjson`, `home-assistant_v2.db` and
/// `truth.json`.
/// @returns  the exit code.
int simulate(const simulate_request& request);

} // namespace habitd
