#pragma once

#include "messages/alert.hpp"
#include "messages/community.hpp"

#include <variant>
#include <vector>

namespace habitd {

using alert_change = std::variant<raise_alert, clear_alert>;

/// What is to be told after a refresh: one that failed (critical after the third in a row),
/// more than 20 % of its texts unreadable, more than 45 minutes, more than 100 new entries.
/// @param failed_in_a_row  this run included; 0 if it went well.
std::vector<alert_change> alerts_after(const refresh_summary& run,
                                       std::size_t failed_in_a_row);

} // namespace habitd
