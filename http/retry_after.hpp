#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace habitd {

/// An HTTP date in any of its three forms.
std::optional<std::chrono::sys_seconds> parse_http_date(const std::string& text);

/// How long a server asks to wait: `Retry-After` in seconds, or as a date less `server_now`,
/// the answer's own `Date`, so that our clock doesn't matter. Never negative.
/// @returns  nothing if it is neither, or a date without `server_now`.
/// Source: RFC 9110, 10.2.3.
std::optional<std::chrono::seconds>
parse_retry_after(const std::string& text,
                  std::optional<std::chrono::sys_seconds> server_now);

} // namespace habitd
