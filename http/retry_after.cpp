#include "http/retry_after.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>

namespace habitd {

using std::chrono::seconds;
using std::chrono::sys_seconds;

std::optional<sys_seconds> parse_http_date(const std::string& text) {
  const auto second = curl_getdate(text.c_str(), nullptr);
  if (second < 0 || text.find_first_of("0123456789") == text.npos)
    return std::nullopt;
  return sys_seconds{seconds{second}};
}

std::optional<seconds> parse_retry_after(const std::string& text,
                                         std::optional<sys_seconds> server_now) {
  std::int64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, number);
  if (failed == std::errc{} && stop == end && number >= 0)
    return seconds{number};
  if (failed == std::errc::result_out_of_range)
    return seconds::max();
  if (stop == end)
    return std::nullopt;
  const auto date = parse_http_date(text);
  if (!date || !server_now)
    return std::nullopt;
  return std::max(*date - *server_now, seconds{0});
}

} // namespace habitd
