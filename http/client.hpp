#pragma once

#include "messages/error.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace habitd {

/// What an answer may cost.
struct client_limits {
  std::chrono::milliseconds connect{5'000}; // name look-up and TLS included
  std::chrono::milliseconds total{20'000};
  std::size_t response_bytes = 1 << 20; // header and body
  long redirects = 0;                   // followed at most; 0 = a redirect is the answer
};

struct client_request {
  std::string method = "GET";
  std::string url; // http or https
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// Without, only the status counts: the transfer ends where the body begins.
  bool wants_body = true;

  /// Whether errors may name the path; that of a webhook often is a password.
  bool path_is_public = true;
};

struct client_response {
  int status = 0;
  std::string content_type;
  std::string body;
  std::optional<std::chrono::seconds> retry_after;
};

/// The URL without user, password, query and fragment, for people to read; without path too
/// if `with_path` is false. "(not a URL)" for anything else.
std::string public_url(const std::string& url, bool with_path = true);

/// One connection at a time to servers that are not trusted. No cookies, .netrc, HSTS cache,
/// proxies from the environment or other protocols; TLS certificates are verified.
class http_client {
public:
  /// @param user_agent  "habitd/0.1.0".
  /// @errors ec::unexpected if libcurl has no memory.
  static expected<http_client> make(std::string user_agent, client_limits limits = {});
  ~http_client();
  http_client(http_client&&) noexcept;
  http_client& operator=(http_client&&) noexcept;

  /// Blocks until the answer is there, at most `limits.total`, or about a second after `stop`
  /// is requested. Every status is an answer. By one thread at a time.
  /// @errors ec::invalid_input for a URL of another kind or a header that breaks out of its
  ///         line; else ec::unavailable; both with `public_url`.
  expected<client_response> send(const client_request& request,
                                 std::stop_token stop = {});

private:
  struct handle;
  explicit http_client(std::unique_ptr<handle> handle);
  std::unique_ptr<handle> handle_;
};

} // namespace habitd
