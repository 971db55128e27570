#pragma once

#include "messages/home_day.hpp"

#include <string>
#include <vector>

namespace habitd {

/// A public log of a real home, as days of activations of its sensors.
struct real_log {
  std::string name;
  std::vector<home_day> days;
};

/// Every log that is there; empty if the folder isn't.
std::vector<real_log> read_real_logs(const std::string& folder);

} // namespace habitd
