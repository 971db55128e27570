#pragma once

#include "config/config_keys.hpp"

#include <vector>

// The keys of sections that have a file of their own.

namespace habitd {

std::vector<config_key> http_keys();
std::vector<config_key> notify_keys();
std::vector<config_key> auto_refresh_keys();
std::vector<config_key> log_keys();

} // namespace habitd
