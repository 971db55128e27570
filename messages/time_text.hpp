#pragma once

#include "messages/error.hpp"
#include "messages/time.hpp"

#include <string>
#include <string_view>

namespace habitd {

/// "2026-11-22".
std::string format_date(local_day day);

/// @errors ec::invalid_input unless `text` is a date like "2026-11-22".
expected<local_day> parse_date(std::string_view text);

/// "2026-11-22T06:05:00.123Z".
std::string format_utc(wall_time at);

/// The inverse of `format_utc`.
/// @errors ec::invalid_input unless `text` is of that form.
expected<wall_time> parse_utc(std::string_view text);

} // namespace habitd
