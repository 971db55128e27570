#pragma once

#include "http/reach.hpp"
#include "http/url.hpp"
#include "messages/error.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
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
  std::chrono::milliseconds total{20'000};  // redirects included
  std::size_t response_bytes = 1 << 20;     // header and body, the body unpacked
  std::size_t ratio = 100; // bytes of a body over those sent for it, from 64 KiB on
  long redirects = 0;      // followed at most; 0 = a redirect is the answer

  /// Given up when slower than this for `slow_time`; 0 = only `total` counts.
  long slow_bytes_per_second = 0;
  std::chrono::seconds slow_time{20};
};

/// What a server gave a page to tell its state by; kept as they are, quotes included.
struct page_validators {
  std::string etag;          // "W/\"abc\""
  std::string last_modified; // "Wed, 25 Nov 2026 04:00:00 GMT"
  bool operator==(const page_validators&) const = default;
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

  /// Asks for the body gzipped, and unpacks it.
  bool takes_gzip = false;

  /// Of the answer one has: if the page is still the same, status 304 comes without body.
  page_validators if_changed{};
};

struct client_response {
  int status = 0;
  std::string content_type;
  std::string body;                                // unpacked
  std::optional<std::chrono::seconds> retry_after; // told in seconds or as a date

  std::string url;            // that answered, after redirects
  page_validators validators; // for `client_request::if_changed`; empty if none were sent
  std::optional<std::chrono::sys_seconds> server_time; // its Date

  /// Of the answer, names in lower case, in the order they came.
  std::vector<std::pair<std::string, std::string>> headers;

  /// Sent by the server: headers and body as packed, of redirects too.
  std::uint64_t wire_bytes = 0;

  bool not_modified() const { return status == 304; }
};

/// The first value of a header, by its name in lower case; empty if there is none.
std::string header_of(const client_response& response, std::string_view name);

/// One connection at a time to servers that are not trusted, kept open between requests. No
/// cookies, .netrc, HSTS cache, proxies from the environment or other protocols; TLS
/// certificates are verified. Redirects of GET and HEAD are followed by hand: each hop is held
/// against `allowed`, TLS is never left, and another origin gets no header but Accept.
class http_client {
public:
  /// @param user_agent  "habitd/0.1.0".
  /// @param allowed     where requests may go; the address is checked once more when the
  ///                    connection is opened, so a name can't lead into the home.
  /// @errors ec::unexpected if libcurl has no memory.
  static expected<http_client> make(std::string user_agent, client_limits limits = {},
                                    reach allowed = {});
  ~http_client();
  http_client(http_client&&) noexcept;
  http_client& operator=(http_client&&) noexcept;

  /// Blocks until the answer is there, at most `limits.total`, or about a second after `stop`
  /// is requested. Every status is an answer. By one thread at a time.
  /// @errors ec::invalid_input if asking again is no use: a URL of another kind or out of
  ///         reach, a header that breaks out of its line, an answer that is too large, unpacks
  ///         to too much, is packed otherwise than by gzip, or redirects without end;
  ///         else ec::unavailable; both with `public_url`.
  expected<client_response> send(const client_request& request,
                                 std::stop_token stop = {});

private:
  struct handle;
  explicit http_client(std::unique_ptr<handle> handle);
  std::unique_ptr<handle> handle_;
};

} // namespace habitd
