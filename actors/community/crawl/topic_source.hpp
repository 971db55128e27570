#pragma once

#include "storage/corpus_staging.hpp"

#include <functional>
#include <stop_token>
#include <string>

namespace habitd {

/// Reads a source into what `job` stages, up to `corpus_staging::finish`; blocks. Called
/// again for the same job, after a crash or a failure, it goes on where it was.
/// @errors ec::unavailable if trying again later may help.
using topic_source =
  std::function<error(corpus_staging& into, const std::string& job, std::stop_token)>;

} // namespace habitd
