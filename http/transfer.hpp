#pragma once

#include "http/client.hpp"

#include <curl/curl.h>

#include <memory>
#include <stop_token>
#include <string>

namespace habitd {

using curl_handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

/// What one exchange is doing, for libcurl's callbacks.
struct transfer {
  CURL* curl;
  const client_limits& limits;
  const reach& allowed;
  const std::stop_token& stop;
  bool wants_body;
  bool is_trusted; // the host, so any address will do
  client_response answer{};
  std::size_t bytes = 0; // header and unpacked body
  std::uint64_t header_bytes = 0;
  bool header_ended = false; // libcurl takes one that is cut off for whole
  bool cut_at_body = false;
  std::string refused{}; // why we ended it; empty if we didn't
};

/// Makes libcurl report to `now`.
void set_callbacks(CURL* curl, transfer& now);

/// Fills in what is known once libcurl is through.
void complete(transfer& now);

} // namespace habitd
