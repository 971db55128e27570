#pragma once

#include "messages/time.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace habitd {

/// Why the time shown can't be trusted; empty if it can.
using clock_check = std::function<std::string(wall_time now)>;

/// A clock before 2020 was never set: a Pi without a battery starts in the past. And where
/// systemd keeps the time, it says when it has got it.
/// @param timesync  systemd-timesyncd's directory: /run/systemd/timesync.
/// Source: systemd-timesyncd.service(8), "synchronized".
std::string clock_doubt(wall_time now, const std::filesystem::path& timesync);

} // namespace habitd
