#pragma once

#include "storage/home_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace habitd {

/// What the sensors in Home Assistant show.
struct home_summary {
  wall_time last_analysis{}; // zero: none ended yet
  wall_time last_refresh{};
  std::uint64_t pending_suggestions = 0;
  std::optional<std::uint64_t> corpus_size; // none: there is no corpus
  std::vector<std::string> problems;        // the first few, for people
  std::string log_level = "info";
};

/// All of it but the log level. @errors what the store says.
expected<home_summary> read_summary(const home_store& store);

std::string to_json(const home_summary& summary);

} // namespace habitd
